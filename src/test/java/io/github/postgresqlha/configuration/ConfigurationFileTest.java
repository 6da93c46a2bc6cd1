package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.AirflowSpec;
import io.github.postgresqlha.spec.AirflowVersion;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.ClientSpec;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {

    @Test
    void gives_the_defaults_of_java_for_every_key_that_is_left_out() {
        assertThat(ConfigurationFile.parse("name: postgresql"))
                .isEqualTo(PostgresqlHaSpec.builder().build());
    }

    @Test
    void reads_every_kind_of_value() {
        PostgresqlHaSpec spec = ConfigurationFile.parse("""
                name: reports
                postgresVersion: 16
                backup:
                  schedule: "30 1 * * *"
                  retentionDays: 14
                configuration:
                  maxConnections: 300
                  parameters: {log_min_duration_statement: 1s, autovacuum: on}
                network:
                  airflowPods: false
                  clients:
                    - namespaceLabels: {team: data}
                imagePullSecrets: [registry]
                """);
        assertThat(spec)
                .isEqualTo(PostgresqlHaSpec.builder()
                        .name("reports")
                        .postgresVersion(PostgresVersion.V16)
                        .backup(BackupScheduleSpec.builder()
                                .schedule(new CronSchedule("30 1 * * *"))
                                .retentionDays(14)
                                .build())
                        .configuration(ConfigurationSpec.builder()
                                .maxConnections(300)
                                .putParameter("log_min_duration_statement", "1s")
                                .putParameter("autovacuum", "on")
                                .build())
                        .network(NetworkSpec.builder()
                                .airflowPods(false)
                                .addClient(ClientSpec.builder()
                                        .putNamespaceLabel("team", "data")
                                        .build())
                                .build())
                        .addImagePullSecret("registry")
                        .build());
    }

    @Test
    void reads_a_word_in_place_of_a_list_only_where_there_is_one() {
        assertThat(ConfigurationFile.parse("backup: {databases: all}").backup().databases())
                .containsExactly("all");
        assertThat(ConfigurationFile.parse("backup: {databases: [reports, team-x]}")
                        .backup()
                        .databases())
                .containsExactly("reports", "team-x");
        assertThatThrownBy(() -> ConfigurationFile.parse("backup: {databases: reports}"))
                .hasMessageContaining("backup.databases: must be all or a list, got ");
        assertThatThrownBy(() -> ConfigurationFile.parse("imagePullSecrets: all"))
                .hasMessageContaining("imagePullSecrets: must be a list, got ");
        assertThatThrownBy(() -> ConfigurationFile.parse("backup: {databases: [Reports]}"))
                .hasMessageContaining("backup.databases[0]: must be 1 to 63 of a-z");
    }

    @Test
    void reads_a_part_that_is_absent_by_default() {
        PostgresqlHaSpec spec = ConfigurationFile.parse(
                "backup: {offsite: {remote: \"offsite:b/p\", secret: rclone, encrypted: false, egressCidrs: [10.0.0.0/8],"
                        + " resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}},"
                        + " restoreTest: {checks: [SELECT true]}}");
        assertThat(spec.backup().offsite().orElseThrow().egressCidrs()).containsExactly("10.0.0.0/8");
        assertThat(spec.backup().restoreTest().checks()).containsExactly("SELECT true");
        assertThatThrownBy(() -> ConfigurationFile.parse(
                        "backup: {offsite: {remote: offsite, secret: rclone, retentionDays: 0}}"))
                .hasMessageContaining("backup.offsite.remote: must be a remote of rclone.conf, a colon and a path")
                .hasMessageContaining(
                        "backup.offsite.encrypted: must be given, got nothing; true: the remote is of rclone's type crypt")
                .hasMessageContaining("false: whoever can read the bucket can read the database")
                .hasMessageContaining("backup.offsite.retentionDays: must be at least 1, got 0; raise it");
        assertThatThrownBy(() -> ConfigurationFile.parse("backup: {offsite: {secret: rclone}}"))
                .hasMessageContaining("backup.offsite: must have remote, got nothing; add it (line 1, column 19)");
    }

    /** A pattern goes down the stack for each part, and a distance takes the product of two lengths. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: \"%s\"",
                "tls: {additionalNames: [\"%s\"]}",
                "credentials: {externalSecret: {secretStoreRef: {name: a}, remoteKey: a, refreshInterval: \"%s\"}}",
                "credentials: {vaultAgent: {role: a, path: \"%s\"}}",
                "network: {apiServerCidr: \"%s\"}",
                "\"%s\": 1",
            })
    void refuses_a_value_of_many_parts(String yaml) {
        for (String part : List.of("a/", "a.", "1h", "1:")) {
            assertThatThrownBy(() -> ConfigurationFile.parse(yaml.formatted(part.repeat(20_000))))
                    .isInstanceOf(InvalidSpecException.class);
        }
    }

    @Test
    @Timeout(20)
    void refuses_many_keys_in_a_moment() {
        String keys = IntStream.range(0, 15_000)
                .mapToObj(i -> "unknown_parameter_" + i + ": 1")
                .collect(Collectors.joining(", "));
        assertThatThrownBy(() -> ConfigurationFile.parse("{" + keys + "}")).isInstanceOf(InvalidSpecException.class);
        assertThatThrownBy(() -> ConfigurationFile.parse("configuration: {parameters: {" + keys + "}}"))
                .isInstanceOf(InvalidSpecException.class);
    }

    /** The default of one key may follow another one, also where that is the only one of its section which is given. */
    @Test
    void a_default_follows_the_key_that_it_follows_in_java() {
        assertThat(ConfigurationFile.parse("airflow: {version: 2.11}").airflow())
                .isEqualTo(AirflowSpec.builder().version(AirflowVersion.V2_11).build());
        assertThat(ConfigurationFile.parse("airflow: {version: 2.11, image: own:1}")
                        .airflow()
                        .image())
                .isEqualTo("own:1");
        assertThat(ConfigurationFile.parse("failover: automatic\nimage: a/b:17\npatroni: {ttl: 60}")
                        .patroni()
                        .primaryReturnTimeout())
                .isEqualTo(60);
    }

    /** Written out as a file, the defaults of the schema that editors use are the defaults of Java. */
    @Test
    void agrees_with_its_schema_about_the_defaults() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(SpecSchema.render());
        String file = new YAMLMapper().writeValueAsString(defaults(schema));
        assertThat(file).contains("retentionDays: 7", "maxWalSenders: 3");
        assertThat(ConfigurationFile.parse(file))
                .isEqualTo(PostgresqlHaSpec.builder().build());
    }

    private static ObjectNode defaults(JsonNode schema) {
        ObjectNode values = new ObjectMapper().createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            JsonNode key = property.getValue();
            if (key.has("default")) {
                values.set(property.getKey(), key.get("default"));
            } else if (key.path("properties").size() > 0) {
                ObjectNode nested = defaults(key);
                // A part that is absent by default has none.
                if (!nested.isEmpty()) {
                    values.set(property.getKey(), nested);
                }
            }
        });
        return values;
    }
}
