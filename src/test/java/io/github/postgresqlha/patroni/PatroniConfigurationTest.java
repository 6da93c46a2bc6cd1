package io.github.postgresqlha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.MemorySizing;
import io.github.postgresqlha.postgresql.Parameters;
import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.postgresql.ServerSecurity;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.postgresql.WalSizing;
import io.github.postgresqlha.script.Script;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PatroniSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ReplicationSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatroniConfigurationTest {

    private static final String IMAGE = "registry.example/postgresql-patroni:17";

    @Test
    void keeps_its_state_where_argo_does_not_prune_it() throws JsonProcessingException {
        JsonNode local = local(automatic().build());
        assertThat(local.at("/kubernetes/labels").properties())
                .as("no label app.kubernetes.io/instance")
                .extracting(Map.Entry::getKey)
                .containsExactly("app.kubernetes.io/part-of");
        assertThat(local.at("/kubernetes/use_endpoints").asBoolean(true)).isFalse();
    }

    @Test
    void leaves_a_new_database_to_the_supervisor() throws JsonProcessingException {
        JsonNode bootstrap = local(automatic().build()).path("bootstrap");
        assertThat(bootstrap
                        .at("/" + bootstrap.path("method").asText() + "/command")
                        .asText())
                .isEqualTo("/bin/false");
    }

    /** Patroni runs it with the lock in its hand, and gives the lock back where it fails. */
    @Test
    void reserves_a_timeline_before_a_promotion() throws JsonProcessingException {
        assertThat(local(automatic().build()).at("/postgresql/pre_promote").asText())
                .isEqualTo("/scripts/patroni/pre-promote.sh");
        assertThat(Scripts.ofMember(Failover.AUTOMATIC))
                .extracting(Script::path)
                .contains("patroni/pre-promote.sh", "lib/timelines.sh");
    }

    @Test
    void has_no_password() throws JsonProcessingException {
        assertThat(files(automatic().build()).values()).noneMatch(text -> text.contains("password"));
    }

    @Test
    void passes_on_what_must_be_equal_on_all_members() throws JsonProcessingException {
        assertThat(dynamic(automatic().build())
                        .at("/postgresql/parameters/max_connections")
                        .asText())
                .as("Patroni's own default is 100")
                .isEqualTo("200");
    }

    @Test
    void keeps_the_slot_of_the_archive_on_every_member() throws JsonProcessingException {
        assertThat(dynamic(automatic().build()).at("/slots/wal_archiver/type").asText())
                .isEqualTo("physical");
    }

    @Test
    void blocks_commits_only_where_durability_is_required() throws JsonProcessingException {
        assertThat(dynamic(automatic().build()).has("synchronous_mode")).isFalse();
        assertThat(synchronous(DataDurability.REQUIRED)
                        .path("synchronous_mode_strict")
                        .asBoolean())
                .isTrue();
        JsonNode preferred = synchronous(DataDurability.PREFERRED);
        assertThat(preferred.path("synchronous_mode").asBoolean()).isTrue();
        assertThat(preferred.path("synchronous_mode_strict").asBoolean(true)).isFalse();
    }

    @Test
    void waits_for_whichever_standby_is_first_where_a_quorum_is_asked_for() throws JsonProcessingException {
        PostgresqlHaSpec.Builder quorum = automatic()
                .standby(StandbyDatabaseSpec.builder().count(2).build())
                .replication(ReplicationSpec.builder()
                        .synchronous(Synchronous.QUORUM)
                        .build());
        quorum.configuration(ConfigurationSpec.builder().maxWalSenders(5).build());
        JsonNode dynamic = dynamic(quorum.build());
        assertThat(dynamic.path("synchronous_mode").asText()).isEqualTo("quorum");
        assertThat(dynamic.path("synchronous_mode_strict").asBoolean()).isTrue();
    }

    @Test
    void leaves_a_former_primary_the_time_of_its_lock_unless_another_is_given() throws JsonProcessingException {
        PostgresqlHaSpec.Builder longer = automatic();
        longer.patroni(PatroniSpec.builder().ttl(60).build());
        assertThat(dynamic(longer.build()).path("primary_return_timeout").asInt())
                .isEqualTo(60);
        PostgresqlHaSpec.Builder none = automatic();
        none.patroni(PatroniSpec.builder().primaryReturnTimeout(0).build());
        assertThat(dynamic(none.build()).path("primary_return_timeout").asInt(-1))
                .isZero();
    }

    /** A list of further addresses would replace the members' for POST /failsafe. */
    @Test
    void takes_changes_from_members_alone() throws JsonProcessingException {
        JsonNode api = local(automatic().build()).path("restapi");
        assertThat(api.path("allowlist_include_members").asBoolean()).isTrue();
        assertThat(api.has("allowlist")).isFalse();
    }

    /** 409 is not among them: it says that somebody else has written, and must not be tried again with what was read before. */
    @Test
    void tries_again_what_is_forbidden() throws JsonProcessingException {
        JsonNode local = local(automatic().build());
        assertThat(local.at("/retriable_http_codes"))
                .extracting(JsonNode::asInt)
                .containsExactly(403);
        assertThat(local.at("/kubernetes/retriable_http_codes")).isEqualTo(local.at("/retriable_http_codes"));
    }

    private static JsonNode synchronous(DataDurability durability) throws JsonProcessingException {
        return dynamic(automatic()
                .replication(ReplicationSpec.builder()
                        .synchronous(Synchronous.TRUE)
                        .dataDurability(durability)
                        .build())
                .build());
    }

    private static PostgresqlHaSpec.Builder automatic() {
        PostgresqlHaSpec.Builder builder = PostgresqlHaSpec.builder();
        builder.image(IMAGE).failover(Failover.AUTOMATIC);
        return builder;
    }

    private static JsonNode local(PostgresqlHaSpec spec) throws JsonProcessingException {
        return read(files(spec), PatroniConfiguration.LOCAL);
    }

    private static JsonNode dynamic(PostgresqlHaSpec spec) throws JsonProcessingException {
        return read(files(spec), PatroniConfiguration.DYNAMIC);
    }

    private static JsonNode read(Map<String, String> files, String name) throws JsonProcessingException {
        return new YAMLMapper().readTree(files.getOrDefault(name, ""));
    }

    private static Map<String, String> files(PostgresqlHaSpec spec) {
        return new PatroniConfiguration(
                        Installation.of(spec),
                        Parameters.of(
                                PostgresVersion.V17,
                                new WalSizing(20L << 30),
                                MemorySizing.fixed(),
                                ServerSecurity.of("scram-sha-256"),
                                List.of(),
                                spec.configuration().values()))
                .files();
    }
}
