package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code README-NAME.md} and the runbooks that it links: their commands carry the real names. */
final class Documents {

    private static final List<String> RUNBOOKS = List.of(
            "runbooks/certificates.md",
            "runbooks/prove-and-copy-backups.md",
            "runbooks/restore.md",
            "runbooks/storage-full.md");

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
        return new Template(resource, Resource.read(resource)).render(values);
    }
}
