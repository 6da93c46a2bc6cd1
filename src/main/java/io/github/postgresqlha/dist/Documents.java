package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code README-NAME.md} and the runbooks that it links: their commands carry the real names. */
final class Documents {

    private static final List<String> RUNBOOKS = List.of(
            "runbooks/alerts.md",
            "runbooks/backups-failing.md",
            "runbooks/certificates.md",
            "runbooks/connections-exhausted.md",
            "runbooks/corruption.md",
            "runbooks/primary-gone.md",
            "runbooks/prove-and-copy-backups.md",
            "runbooks/restore.md",
            "runbooks/slow-database.md",
            "runbooks/split-brain.md",
            "runbooks/standby-broken.md",
            "runbooks/storage-full.md",
            "runbooks/wal-missing.md");

    private Documents() {}

    static List<DistFile> of(Installation installation, Map<String, String> facts) {
        Map<String, String> values = Statements.of(installation, facts);
        return Stream.concat(
                        Stream.of(DistFile.text(
                                "README-" + installation.names().name() + ".md",
                                render("README-postgresql.md", values))),
                        RUNBOOKS.stream().map(path -> DistFile.text(path, render(path, values))))
                .toList();
    }

    private static String render(String resource, Map<String, String> values) {
        // A block that is left out leaves one empty line, not two.
        return new Template(resource, Resource.read(resource)).render(values).replaceAll("\n{3,}", "\n\n");
    }
}
