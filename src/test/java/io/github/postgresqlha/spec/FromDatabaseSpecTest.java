package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FromDatabaseSpecTest {

    @Test
    void asks_for_tls_unless_told_otherwise() {
        FromDatabaseSpec spec = valid().build();
        assertThat(spec.sslmode()).isEqualTo(SourceSslMode.REQUIRE);
        assertThat(spec.port()).isEqualTo(5432);
        assertThat(spec.whileInUse()).isFalse();
    }

    @Test
    void names_everything_that_is_wrong_at_once() {
        assertThatThrownBy(() -> valid("host:5432")
                        .port(0)
                        .sslmode(SourceSslMode.VERIFY_FULL)
                        .addWithoutExtensions("a;b")
                        .addWithoutSchemas("x\ny")
                        .build())
                .hasMessageContaining("host: must be the name or the address of a server, got 'host:5432'")
                .hasMessageContaining("port: must be 1 to 65535, got 0")
                .hasMessageContaining("ca: is needed with sslmode verify-full, got none")
                .hasMessageContaining("withoutExtensions[0]: must be the name of an extension, got 'a;b'")
                .hasMessageContaining("withoutSchemas[0]: must be the name of a schema");
    }

    @Test
    void names_have_no_line_break() {
        assertThatThrownBy(() -> FromDatabaseSpec.builder()
                        .host("old")
                        .database("air\nhost=evil")
                        .user(" airflow")
                        .passwordSecret(secret())
                        .build())
                .hasMessageContaining("database: must be 1 to 63 characters without a line break")
                .hasMessageContaining("user: must be 1 to 63 characters");
    }

    @Test
    void the_first_data_come_from_one_place_that_members_may_reach() {
        assertThatThrownBy(() -> PostgresqlHaSpec.builder()
                        .bootstrap(BootstrapSpec.builder()
                                .fromDatabase(valid().build())
                                .fromBackup(FromBackupSpec.builder().build())
                                .build())
                        .build())
                .hasMessageContaining("bootstrap.fromDatabase: stands beside bootstrap.fromBackup, got both")
                .hasMessageContaining(
                        "network.sources: must let the members reach the source of bootstrap.fromDatabase, got none with its port 5432");
    }

    @Test
    void a_source_is_addresses_or_pods() {
        assertThatThrownBy(() -> SourceSpec.builder().build()).hasMessageContaining("got neither");
        assertThatThrownBy(() -> SourceSpec.builder()
                        .cidr("10.0.0.1")
                        .putPodLabel("app", "old")
                        .port(70000)
                        .build())
                .hasMessageContaining("got both")
                .hasMessageContaining("cidr: is no range of addresses, got '10.0.0.1'")
                .hasMessageContaining("port: must be 1 to 65535, got 70000");
    }

    private static FromDatabaseSpec.Builder valid() {
        return valid("old-postgresql.old.svc");
    }

    private static FromDatabaseSpec.Builder valid(String host) {
        FromDatabaseSpec.Builder builder = FromDatabaseSpec.builder();
        builder.host(host).database("airflow").user("airflow").passwordSecret(secret());
        return builder;
    }

    private static SecretKeySpec secret() {
        return SecretKeySpec.builder().secret("old").key("password").build();
    }
}
