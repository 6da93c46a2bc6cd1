package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.postgresql.Synchronous;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may take over, and whose confirmation a commit can wait for. */
class FailoverRulesTest {

    @Test
    void each_standby_has_its_own_priority_and_the_primary_the_usual_one() {
        PostgresqlHaSpec spec = automatic(Synchronous.FALSE, 5, 0).build();
        assertThat(Installation.of(spec).members())
                .extracting(Member::failoverPriority)
                .containsExactly(1, 5, 0);
        assertThat(Installation.of(automatic(Synchronous.FALSE).build()).members())
                .extracting(Member::failoverPriority)
                .containsExactly(1, 1, 1);
    }

    @Test
    void a_priority_is_of_one_standby() {
        refuses(
                automatic(Synchronous.FALSE, 5),
                "standby.failoverPriority: must be one number for each of 2 standbys, got [5]; the first is of the first standby");
        refuses(
                automatic(Synchronous.FALSE, 101, 1),
                "standby.failoverPriority: must be numbers of 0 to 100, got [101, 1]; 1 is the usual one, and 0 never takes over");
    }

    @Test
    void somebody_has_to_be_able_to_take_over() {
        refuses(
                automatic(Synchronous.FALSE, 0, 0),
                "standby.failoverPriority: must leave one standby to fail over to, got [0, 0]; give one of them 1 or more");
    }

    @Test
    void a_person_needs_no_priority() {
        PostgresqlHaSpec.Builder manual = PostgresqlHaSpec.builder();
        manual.standby(StandbyDatabaseSpec.builder().addFailoverPriority(2).build());
        refuses(
                manual,
                "standby.failoverPriority: needs Patroni, got [2] with failover manual, where a person chooses; remove it");
    }

    @Test
    void a_quorum_is_of_two_standbys_that_can_take_over() {
        assertThat(automatic(Synchronous.QUORUM).build().replication().synchronous())
                .isEqualTo(Synchronous.QUORUM);
        refuses(
                automatic(Synchronous.QUORUM, 1, 0),
                "replication.synchronous: quorum needs two standbys that can take over, got 1; raise standby.count, or set synchronous to true");
    }

    @Test
    void the_last_standby_applies_late_and_never_takes_over() {
        List<Member> members =
                Installation.of(late(2, Synchronous.FALSE).build()).members();
        assertThat(members).extracting(Member::failoverPriority).containsExactly(1, 1, 0);
        assertThat(members)
                .extracting(
                        member -> member.applyDelay().map(RecoveryDelay::text).orElse("at once"))
                .containsExactly("at once", "at once", "4h");
    }

    @Test
    void somebody_else_has_to_take_over() {
        refuses(
                late(1, Synchronous.FALSE),
                "standby.applyDelay: is of the last of two standbys or more, the others take over, got 4h with 1; raise standby.count");
        refuses(
                late(2, Synchronous.FALSE, 1, 1),
                "standby.failoverPriority: must be 0 for the last standby, which applies WAL late, got [1, 1]; it never takes over");
        refuses(
                late(2, Synchronous.QUORUM),
                "replication.synchronous: quorum needs two standbys that can take over, got 1");
    }

    @Test
    void a_delay_needs_patroni() {
        PostgresqlHaSpec.Builder manual = PostgresqlHaSpec.builder();
        manual.standby(StandbyDatabaseSpec.builder()
                .applyDelay(new RecoveryDelay("30min"))
                .build());
        refuses(
                manual,
                "standby.applyDelay: needs Patroni, which knows who must not take over, got 30min with failover manual");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "4 h", "0h", "25d", "-1h", "4h; x", "4H", "9999999d", "1.5h"})
    void a_delay_is_a_number_with_a_unit(String text) {
        assertThatThrownBy(() -> new RecoveryDelay(text))
                .hasMessage("must be a whole number with a unit s, min, h or d, of 24d at most, got '" + text
                        + "'; write it like 4h");
    }

    @Test
    void a_quorum_needs_patroni() {
        PostgresqlHaSpec.Builder manual = PostgresqlHaSpec.builder();
        manual.replication(
                ReplicationSpec.builder().synchronous(Synchronous.QUORUM).build());
        refuses(
                manual,
                "replication.synchronous: quorum needs Patroni, got failover manual; set failover to automatic, or synchronous to true");
    }

    private static void refuses(PostgresqlHaSpec.Builder spec, String message) {
        assertThatThrownBy(spec::build).isInstanceOf(InvalidSpecException.class).hasMessageContaining(message);
    }

    private static PostgresqlHaSpec.Builder late(int standbys, Synchronous synchronous, Integer... priorities) {
        return automatic(
                synchronous,
                StandbyDatabaseSpec.builder()
                        .count(standbys)
                        .applyDelay(new RecoveryDelay("4h"))
                        .addAllFailoverPriority(List.of(priorities))
                        .build());
    }

    private static PostgresqlHaSpec.Builder automatic(Synchronous synchronous, Integer... priorities) {
        return automatic(
                synchronous,
                StandbyDatabaseSpec.builder()
                        .count(2)
                        .addAllFailoverPriority(List.of(priorities))
                        .build());
    }

    private static PostgresqlHaSpec.Builder automatic(Synchronous synchronous, StandbyDatabaseSpec standby) {
        PostgresqlHaSpec.Builder builder = PostgresqlHaSpec.builder();
        builder.image("registry.example/postgresql-patroni:17").failover(Failover.AUTOMATIC);
        builder.configuration(ConfigurationSpec.builder().maxWalSenders(5).build());
        builder.standby(standby);
        builder.replication(ReplicationSpec.builder().synchronous(synchronous).build());
        return builder;
    }
}
