package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Locale;

/** The functions of {@code lib/timelines.sh}, run on a member's data. */
final class Timelines {

    private Timelines() {}

    /** What a promotion does first; done twice, the number is the same. */
    static LocalInstance reserve(LocalInstance member) {
        Tool.Result result = member.run("bash", "-Eeuo", "pipefail", "-c", """
                cd "$(dirname -- "$(command -v pg_ctl)")/.."
                source lib/log.sh; source lib/durable.sh; source lib/timelines.sh; source instance/common.sh
                reserve_timelines "$PGDATA" "$(control_timeline)"
                """);
        assertThat(result.status()).as(result.output()).isZero();
        return member;
    }

    /** The number of a timeline as PostgreSQL writes it. */
    static String name(int timeline) {
        return String.format(Locale.ROOT, "%08X", timeline);
    }
}
