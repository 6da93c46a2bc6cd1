package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HbaRulesTest {

    private static final Identifier DATABASE = new Identifier("metadata");
    private static final Identifier OWNER = new Identifier("airflow");

    @Test
    void lets_each_role_reach_what_it_needs_and_rejects_the_rest() {
        assertThat(HbaRules.of(PostgresVersion.V17, DATABASE, OWNER, "scram-sha-256")
                        .render())
                .isEqualTo("""
                # Generated from postgresql-ha.yaml: change it there.
                # TYPE, DATABASE, USER, ADDRESS, METHOD: the first record that matches decides.
                local  all          all                    peer map=postgresql  # kubectl exec: the pod's own user, by pg_ident.conf
                host   replication  replicator        all  scram-sha-256        # standby, WAL archiver, base backup
                host   postgres     monitor,rewinder  all  scram-sha-256        # health check, pg_rewind
                host   postgres     backup            all  scram-sha-256        # the end of a base backup
                host   all          postgres          all  scram-sha-256        # restore, which may run beside another instance
                host   metadata     airflow           all  scram-sha-256        # the application
                host   /^metadata_  airflow           all  scram-sha-256        # a restore of its dumps
                host   metadata     backup            all  scram-sha-256        # dumps
                host   all          all               all  reject               # whoever is not listed above
                """);
    }

    /** Quotes take the special meaning from a name, as from replication. */
    @Test
    void lets_backup_into_further_databases_only_where_they_are_asked_for() {
        HbaRules rules = HbaRules.of(PostgresVersion.V17, DATABASE, OWNER, "scram-sha-256");
        assertThat(dumped(rules)).containsExactly("postgres", "metadata");
        assertThat(dumped(rules.withDumps(List.of("reports", "replication"), "scram-sha-256")))
                .containsExactly("postgres", "metadata", "\"reports\"", "\"replication\"");
        HbaRules all = rules.withDumps(List.of("all"), "scram-sha-256");
        assertThat(dumped(all)).containsExactly("postgres", "metadata", "all");
        assertThat(all.render()).endsWith("reject               # whoever is not listed above\n");
    }

    @Test
    void further_records_stand_behind_all_that_the_product_needs() {
        HbaRule further = HbaRule.of("hostssl", List.of("all"), List.of("all"), "10.0.0.0/8", "reject", "narrows");
        List<HbaRule> rules = HbaRules.of(PostgresVersion.V17, DATABASE, OWNER, "scram-sha-256")
                .withDumps(List.of("reports"), "scram-sha-256")
                .with(List.of(further))
                .rules();
        assertThat(rules.subList(rules.size() - 3, rules.size()))
                .extracting(HbaRule::reason)
                .containsExactly("dumps of other databases", "narrows", "whoever is not listed above");
    }

    @Test
    void lets_the_replicator_in_through_the_socket_where_patroni_asks() {
        assertThat(HbaRules.of(PostgresVersion.V17, DATABASE, OWNER, "scram-sha-256")
                        .withLocalReplication()
                        .onlyWithTls()
                        .render())
                .contains(
                        "local      all          all                    peer map=postgresql                 # kubectl exec",
                        "local      replication  replicator             peer map=postgresql                 # Patroni: how far");
    }

    private static List<String> dumped(HbaRules rules) {
        return rules.rules().stream()
                .filter(rule -> rule.users().equals("backup"))
                .map(HbaRule::databases)
                .toList();
    }

    @Test
    void leaves_who_restores_to_the_database_where_no_pattern_is_known() {
        assertThat(HbaRules.of(PostgresVersion.V15, DATABASE, OWNER, "scram-sha-256")
                        .rules())
                .filteredOn(rule -> rule.users().equals("airflow"))
                .extracting(HbaRule::databases)
                .containsExactly("metadata", "all");
    }

    @Test
    void maps_the_pods_user_to_every_role() {
        assertThat(IdentMap.of(PostgresVersion.V17, OWNER).render()).endsWith("postgresql  postgres  all\n");
    }

    @Test
    void lists_the_roles_for_a_major_that_does_not_know_all() {
        assertThat(IdentMap.of(PostgresVersion.V15, OWNER).render())
                .contains("postgresql  postgres  airflow\n")
                .doesNotContain("  all");
    }

    @Test
    void accepts_only_identifiers_that_need_no_quotes() {
        assertThatThrownBy(() -> new Identifier("Air flow"))
                .hasMessage("must be 1 to 63 of a-z, 0-9 and _ and not start with a digit, got 'Air flow'; "
                        + "choose such a name");
    }

    @Test
    void names_a_slot_after_its_instance() {
        assertThat(ReplicationSlot.ofInstance("postgresql-standby").name()).isEqualTo("postgresql_standby");
        assertThatThrownBy(() -> ReplicationSlot.ofInstance("x".repeat(64)))
                .hasMessageContaining("must be 1 to 63 of a-z, 0-9 and _");
    }
}
