package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DeclaredFileTest {

    private static final PostgresqlHaSpec DECLARED = ConfigurationFile.parse("""
            roles:
              - {name: reporting, databases: {airflow: readOnly, reports: readWrite}, connectionLimit: 5, statementTimeout: 30s, tempFileLimit: 5GB}
              - {name: lab, login: false}
            databases: [{name: reports, owner: lab, extensions: [pg_trgm]}, {name: archive}]
            ownerLimits: {idleInTransactionSessionTimeout: 10min}
            hbaRecords: [{users: [reporting], address: 10.20.0.0/16}, {users: [reporting], method: reject}]
            """);

    @Test
    void is_not_there_where_nothing_is_declared() {
        assertThat(DeclaredFile.of(Examples.standard())).isEmpty();
    }

    @Test
    void says_what_the_specification_says() {
        assertThat(DeclaredFile.of(DECLARED)).contains("""
                {
                  "databases" : [ {
                    "name" : "postgres",
                    "owner" : "postgres",
                    "extensions" : [ ]
                  }, {
                    "name" : "airflow",
                    "owner" : "airflow",
                    "extensions" : [ ]
                  }, {
                    "name" : "reports",
                    "owner" : "lab",
                    "extensions" : [ "pg_trgm" ]
                  }, {
                    "name" : "archive",
                    "owner" : "airflow",
                    "extensions" : [ ]
                  } ],
                  "roles" : [ {
                    "name" : "reporting",
                    "login" : true,
                    "connectionLimit" : 5,
                    "databases" : {
                      "airflow" : "readOnly",
                      "reports" : "readWrite"
                    },
                    "settings" : {
                      "statement_timeout" : "30s",
                      "temp_file_limit" : "5GB"
                    }
                  }, {
                    "name" : "lab",
                    "login" : false,
                    "databases" : { },
                    "settings" : { }
                  } ],
                  "ownerSettings" : {
                    "idle_in_transaction_session_timeout" : "10min"
                  }
                }
                """);
    }

    @Test
    void records_follow_behind_those_that_the_specification_writes() {
        ConfigMap files = ServerConfiguration.of(Installation.of(DECLARED)).configMap(Installation.of(DECLARED));
        String hba = Objects.requireNonNull(files.getData().get("pg_hba.conf"));
        assertThat(hba.lines().map(line -> line.replaceAll(" {2,}", " ")).skip(11))
                .containsExactly(
                        "hostssl all reporting 10.20.0.0/16 scram-sha-256 # from the specification",
                        "hostssl all reporting all reject # from the specification",
                        "hostssl archive airflow all scram-sha-256 # declared databases",
                        "hostssl airflow,reports reporting all scram-sha-256 # a declared role",
                        "hostssl all all all reject # whoever is not listed above");
    }

    @Test
    void md5_is_told_of_with_what_postgresql_says() {
        PostgresqlHaSpec spec = ConfigurationFile.parse("authentication: md5");
        assertThat(spec.warnings())
                .anyMatch(warning -> warning.startsWith("authentication: md5 is deprecated: PostgreSQL 18 warns"));
        ConfigMap files = ServerConfiguration.of(Installation.of(spec)).configMap(Installation.of(spec));
        assertThat(files.getData().get("postgresql.conf")).contains("password_encryption = 'md5'");
        assertThat(files.getData().get("pg_hba.conf")).contains(" md5 ").doesNotContain("scram-sha-256");
    }
}
