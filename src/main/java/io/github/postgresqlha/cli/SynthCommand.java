package io.github.postgresqlha.cli;

import io.github.postgresqlha.PostgresqlHaSpec;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgha synth}. */
@Command(
        name = "synth",
        description = "Writes the manifests, scripts and documentation, completely or not at all.",
        mixinStandardHelpOptions = true)
final class SynthCommand implements Callable<Integer> {

    private final PrintWriter output;

    /** The cdk8s command line tells its applications by this where to write. */
    private static final String CDK8S_OUTPUT = "CDK8S_OUTDIR";

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write. Default: dist, or what the variable CDK8S_OUTDIR says."
                    + " Files in it that pgha did not write stay as they are")
    private @Nullable Path out;

    SynthCommand(PrintWriter output) {
        this.output = output;
    }

    @Override
    public Integer call() throws IOException {
        PostgresqlHaSpec spec = config.read();
        PostgresqlHaSpec.warnings(spec).forEach(warning -> output.println("warning: " + warning));
        List<DistFile> files = Synthesis.files(spec);
        Path folder = Optional.ofNullable(out)
                .orElseGet(() ->
                        Path.of(Optional.ofNullable(System.getenv(CDK8S_OUTPUT)).orElse("dist")));
        int changed = new DistFolder(folder).write(files);
        output.println(folder + ": " + summary(files.size(), changed));
        return 0;
    }

    private static String summary(int files, int changed) {
        return changed == 0 ? files + " files, nothing changed" : files + " files, " + changed + " changed";
    }
}
