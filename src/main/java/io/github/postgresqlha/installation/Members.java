package io.github.postgresqlha.installation;

import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The instances of an installation: the one named primary, and its standbys in the order of their names. */
final class Members {

    private Members() {}

    static List<Member> of(PostgresqlHaSpec spec, ObjectNames names) {
        return Stream.concat(
                        Stream.of(new Member(names.primary(), Component.PRIMARY)),
                        IntStream.rangeClosed(1, spec.standbys())
                                .mapToObj(ordinal -> new Member(
                                        names.standby(ordinal),
                                        Component.STANDBY,
                                        ordinal,
                                        spec.standby().priority(ordinal),
                                        spec.standby().delay(ordinal))))
                .toList();
    }
}
