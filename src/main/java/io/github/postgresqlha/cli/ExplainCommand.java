package io.github.postgresqlha.cli;

import io.github.postgresqlha.configuration.ExplainedKey;
import io.github.postgresqlha.configuration.KeyCatalogue;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pgha explain}: what a key means, what it takes, and what a change of it restarts. */
@Command(
        name = "explain",
        description = "Tells of a key what it means, its type, default and range, and what a change of it restarts.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:told", "1:output cannot be written", "64:bad usage, or there is no such key"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  pgha explain",
            "  pgha explain backup",
            "  pgha explain backup.retentionDays",
            "  pgha explain configuration.parameters.max_locks_per_transaction"
        })
final class ExplainCommand implements Callable<Integer> {

    private final PrintWriter output;
    private final PrintWriter errors;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KEY",
            completionCandidates = Keys.class,
            description =
                    "A key as backup.retentionDays, or a section as backup. Without it: all that stands at the top")
    private @Nullable String key;

    ExplainCommand(PrintWriter output, PrintWriter errors) {
        this.output = output;
        this.errors = errors;
    }

    @Override
    public Integer call() {
        KeyPage page = new KeyPage(output);
        if (key == null) {
            page.list(below(""));
            output.println();
            output.println("pgha explain KEY tells more of one, as: pgha explain backup.retentionDays");
            return 0;
        }
        Optional<ExplainedKey> found = KeyCatalogue.find(key);
        if (found.isEmpty()) {
            errors.println("pgha: there is no key '" + key + "'; " + remedy(key));
            return Pgha.BAD_USAGE;
        }
        page.tell(found.get(), below(found.get().path()));
        return 0;
    }

    /** The keys directly in a section; those at the top for an empty path. */
    private static List<ExplainedKey> below(String path) {
        return KeyCatalogue.all().stream()
                .filter(one -> one.parent().orElse("").equals(path))
                .toList();
    }

    private static String remedy(String typed) {
        List<String> near = KeyCatalogue.near(typed);
        return near.isEmpty() ? "pgha explain lists what there is" : "did you mean " + String.join(" or ", near) + "?";
    }

    /** For completion scripts, which alone ask for them. */
    static final class Keys implements Iterable<String> {

        Keys() {}

        @Override
        public Iterator<String> iterator() {
            return KeyCatalogue.all().stream().map(ExplainedKey::path).iterator();
        }
    }
}
