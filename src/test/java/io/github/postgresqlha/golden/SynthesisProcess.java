package io.github.postgresqlha.golden;

import io.github.postgresqlha.Cdk8sSynthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.overlay.AirflowOverlay;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Synthesizes the default specification in a process of its own, as unlike this one as can be. */
final class SynthesisProcess {

    private SynthesisProcess() {}

    /** Writes the files of {@code dist/} to a folder, and those of the overlay to another one. */
    public static void main(String[] arguments) throws IOException {
        write(Cdk8sSynthesis.files(Examples.standard()), Path.of(arguments[0]));
        write(AirflowOverlay.files(Examples.standard()), Path.of(arguments[1]));
    }

    private static void write(List<DistFile> files, Path folder) throws IOException {
        for (DistFile file : files) {
            Path target = folder.resolve(file.path());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.content());
        }
    }

    /** Runs it from another folder, with a locale of other letters and digits, another time zone and user; gives what jsii logged. */
    static String run(Path workingFolder, Path dist, Path overlay) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.extensions=u-nu-arab",
                "-Duser.timezone=Pacific/Kiritimati",
                "-Duser.name=somebody",
                "-Dfile.encoding=ISO-8859-1",
                "-cp",
                System.getProperty("java.class.path"),
                SynthesisProcess.class.getName(),
                dist.toString(),
                overlay.toString()));
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
