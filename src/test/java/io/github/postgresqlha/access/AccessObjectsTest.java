package io.github.postgresqlha.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Excerpt;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class AccessObjectsTest {

    @Test
    void by_hand_there_are_accounts_and_the_roles_of_people() {
        assertThat(names(Examples.standard())).isEqualTo("""
                  - ServiceAccount postgresql-instance
                  - ServiceAccount postgresql-jobs
                  - Role postgresql-operator
                  - Role postgresql-maintainer
                  - Role postgresql-viewer
                """);
    }

    @Test
    void with_automatic_failover_there_is_what_patroni_may_do_as_well() {
        assertThat(names(Examples.automatic())).isEqualTo("""
                  - ServiceAccount postgresql-instance
                  - ServiceAccount postgresql-jobs
                  - Role postgresql-patroni
                  - RoleBinding postgresql-patroni
                  - Role postgresql-operator
                  - Role postgresql-maintainer
                  - Role postgresql-viewer
                """);
    }

    private static String names(PostgresqlHaSpec spec) {
        return YamlText.of(Excerpt.names(AccessObjects.of(Installation.of(spec))));
    }
}
