package io.github.postgresqlha.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is allowed and will make trouble all the same. */
final class Warnings {

    private Warnings() {}

    /** A line for each. */
    static List<String> of(PostgresqlHaSpec spec) {
        return Stream.of(
                        Stream.of(
                                        spec.backup().capacityWarning().map(text -> "backup.storage.size: " + text),
                                        spec.postgresVersion().warning().map(text -> "postgresVersion: " + text),
                                        DeclaredRules.warning(spec))
                                .flatMap(Optional::stream),
                        ReplayMemory.warnings(spec).stream(),
                        SilentKeys.warnings(spec).stream(),
                        TlsWarnings.of(spec).stream(),
                        LoggedValues.warnings(spec).stream(),
                        OpenAddresses.warnings(spec).stream(),
                        AirflowRules.warnings(spec).stream())
                .flatMap(lines -> lines)
                .toList();
    }
}
