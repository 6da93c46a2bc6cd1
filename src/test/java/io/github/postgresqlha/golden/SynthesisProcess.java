package io.github.postgresqlha.golden;

import io.github.postgresqlha.Cdk8sSynthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Synthesizes the default specification in a process of its own, as unlike this one as can be. */
final class SynthesisProcess {

    private SynthesisProcess() {}

    /** Writes the files to a folder. */
    public static void main(String[] arguments) throws IOException {
        for (DistFile file : Cdk8sSynthesis.files(Examples.standard())) {
            Path target = Path.of(arguments[0]).resolve(file.path());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.content());
        }
    }

    /** Runs it from another folder, with another locale, time zone and user; gives what jsii logged. */
    static String run(Path workingFolder, Path target) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Pacific/Kiritimati",
                "-Duser.name=somebody",
                "-Dfile.encoding=ISO-8859-1",
                "-cp",
                System.getProperty("java.class.path"),
                SynthesisProcess.class.getName(),
                target.toString()));
        builder.environment().put("JSII_DEBUG", "1");
        builder.environment().put("TZ", "Pacific/Kiritimati");
        builder.environment().put("LC_ALL", "C");
        Tool.Result result = Tool.run(builder, workingFolder);
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
        return result.output();
    }
}
