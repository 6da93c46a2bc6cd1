package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.postgresqlha.Cdk8sSynthesis;
import io.github.postgresqlha.NodeException;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.dist.DistFolder;
import io.github.postgresqlha.dist.FileChanges;
import io.github.postgresqlha.dist.InstallationName;
import io.github.postgresqlha.overlay.AirflowOverlay;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pgha synth}. */
@Command(
        name = "synth",
        description = "Writes the manifests, scripts and documentation, and lists the files that it changed.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:written, or nothing to change",
            "1:failed, or the folder is refused",
            "2:bad specification",
            "64:bad usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgha synth --dry-run",
            "  pgha synth -c staging.yaml -o staging",
            "  pgha synth --format airflow-overlay -o postgresql"
        })
final class SynthCommand implements Callable<Integer> {

    /** The cdk8s command line tells its applications by this where to write. */
    private static final String CDK8S_OUTPUT = "CDK8S_OUTDIR";

    /** Enough for a usual change; a new folder is told by its first files. */
    private static final int LISTED = 12;

    private final PrintWriter output;
    private final PrintWriter errors;

    @Mixin
    private ConfigOption config;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description =
                    "The folder to write. Default: dist, or what the variable CDK8S_OUTDIR says; airflow-overlay for that."
                            + " Files in it that pgha did not write stay as they are. Refused: the working folder and those above"
                            + " it, the home folder, the top of a Git repository, a link, a folder of another installation")
    private @Nullable Path out;

    @Option(
            names = "--dry-run",
            description = "Lists the files that would be added, changed or removed; writes nothing")
    private boolean dryRun;

    @Option(
            names = "--prove",
            description = "Proves that cdk8s in Node.js gives the same bytes; where Node.js is missing it says so")
    private boolean prove;

    @Mixin
    private SynthFormatOption format = new SynthFormatOption();

    @Spec
    private @Nullable CommandSpec command;

    SynthCommand(PrintWriter output, PrintWriter errors, InputStream input) {
        this.output = output;
        this.errors = errors;
        this.config = new ConfigOption(input);
    }

    @Override
    public Integer call() throws IOException {
        if (prove && format.isOverlay()) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(),
                    "--prove compares dist/ with cdk8s, which knows no overlay; leave one of them out");
        }
        try {
            synthesize(config.read());
            return 0;
        } catch (InvalidSpecException invalid) {
            if (!format.isJson()) {
                throw invalid;
            }
            output.println(
                    JsonAnswer.refused(config.name(), invalid.violations()).text());
            return Pgha.BAD_SPECIFICATION;
        }
    }

    private void synthesize(PostgresqlHaSpec spec) throws IOException {
        if (!format.isJson()) {
            spec.warnings().forEach(warning -> errors.println("warning: " + warning));
        }
        Path target = Optional.ofNullable(out).orElseGet(this::usualFolder);
        DistFolder folder = new DistFolder(
                target,
                format.isOverlay()
                        ? AirflowOverlay.installation(spec)
                        : new InstallationName(spec.name(), spec.namespace()));
        folder.check();
        List<DistFile> files = format.isOverlay() ? AirflowOverlay.files(spec) : Synthesis.files(spec);
        if (prove) {
            prove(spec, files);
        }
        FileChanges changes = dryRun ? folder.changes(files) : folder.write(files);
        if (changes.repairs()) {
            errors.println("warning: an earlier synthesis into " + target + " was interrupted; "
                    + (dryRun ? "run pgha synth to complete it" : "this one has completed it"));
        }
        if (format.isJson()) {
            output.println(json(spec, target, files.size(), changes));
            return;
        }
        list("added", changes.added());
        list("changed", changes.changed());
        list("removed", changes.removed());
        output.println(target + ": " + files.size() + " files, " + summary(changes.count()));
    }

    private Path usualFolder() {
        return format.isOverlay()
                ? Path.of("airflow-overlay")
                : Path.of(Optional.ofNullable(System.getenv(CDK8S_OUTPUT)).orElse("dist"));
    }

    private String json(PostgresqlHaSpec spec, Path target, int files, FileChanges changes)
            throws JsonProcessingException {
        return JsonAnswer.taken(config.name(), spec.warnings())
                .with("out", target.toString().replace('\\', '/'))
                .with("files", files)
                .with("added", changes.added())
                .with("changed", changes.changed())
                .with("removed", changes.removed())
                .text();
    }

    private void prove(PostgresqlHaSpec spec, List<DistFile> files) throws IOException {
        try {
            if (!Cdk8sSynthesis.files(spec).equals(files)) {
                throw new IOException(
                        "cdk8s gives other bytes than the plan for this specification; nothing was written:"
                                + " report it with the specification, and leave --prove out until then");
            }
        } catch (NodeException missing) {
            errors.println("warning: not proved through cdk8s: " + missing.getMessage());
        }
    }

    private void list(String what, List<String> paths) {
        int shown = dryRun || paths.size() <= LISTED ? paths.size() : LISTED - 1;
        paths.stream().limit(shown).forEach(path -> output.printf("%-8s %s%n", what, path));
        if (shown < paths.size()) {
            output.printf(Locale.ROOT, "%-8s %d more%n", what, paths.size() - shown);
        }
    }

    private String summary(int changed) {
        if (dryRun) {
            return changed == 0 ? "nothing would change" : changed + " would change";
        }
        return changed == 0 ? "nothing changed" : changed + " changed";
    }
}
