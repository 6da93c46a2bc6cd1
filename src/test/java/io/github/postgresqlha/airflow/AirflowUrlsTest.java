package io.github.postgresqlha.airflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.AirflowSpec;
import io.github.postgresqlha.spec.AirflowVersion;
import io.github.postgresqlha.spec.DatabaseAccess;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RoleSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.TlsSpec;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AirflowUrlsTest {

    private static final String OPTIONS =
            "connect_timeout=3&keepalives=1&keepalives_idle=5&keepalives_interval=2&keepalives_count=3&tcp_user_timeout=10000";
    private static final String VERIFIED = "&sslmode=verify-full&sslrootcert=/postgresql-ca/ca.crt";

    @Test
    void lists_both_members_where_failover_is_manual() {
        String members = "host=postgresql-primary.airflow.svc:5432&host=postgresql-standby.airflow.svc:5432";
        assertThat(urls(PostgresqlHaSpec.builder()))
                .containsEntry(
                        "connection",
                        "postgresql+psycopg2://airflow:PASSWORD@/airflow?" + members
                                + "&target_session_attrs=read-write&" + OPTIONS + VERIFIED)
                .containsEntry(
                        "connection-async",
                        "postgresql+asyncpg://airflow:PASSWORD@/airflow?" + members
                                + "&target_session_attrs=read-write")
                .containsEntry("password", "PASSWORD")
                .containsEntry(
                        "reporting",
                        "postgresql://airflow:PASSWORD@/airflow?host=postgresql-standby.airflow.svc,postgresql-primary.airflow.svc"
                                + "&port=5432,5432&target_session_attrs=prefer-standby&" + OPTIONS + VERIFIED);
    }

    @Test
    void names_the_service_of_the_primary_where_failover_is_automatic() {
        assertThat(urls(automatic()).get("connection-async"))
                .isEqualTo(
                        "postgresql+asyncpg://airflow:PASSWORD@postgresql-primary.airflow.svc:5432/airflow?target_session_attrs=read-write");
    }

    @Test
    void leaves_every_option_out_where_airflow_derives_the_asynchronous_url() {
        assertThat(urls(automatic()
                                .airflow(AirflowSpec.builder()
                                        .version(AirflowVersion.V3_0)
                                        .build()))
                        .get("connection"))
                .isEqualTo("postgresql+psycopg2://airflow:PASSWORD@postgresql-primary.airflow.svc:5432/airflow");
    }

    @Test
    void goes_to_the_pooler_and_migrates_past_it() {
        Map<String, String> urls = urls(PostgresqlHaSpec.builder()
                .pooler(PoolerSpec.builder().enabled(true).build()));
        assertThat(urls.get("connection"))
                .isEqualTo("postgresql+psycopg2://airflow:PASSWORD@postgresql-pooler.airflow.svc:6432/airflow?"
                        + OPTIONS + VERIFIED);
        assertThat(urls.get("connection-async"))
                .isEqualTo("postgresql+asyncpg://airflow:PASSWORD@postgresql-pooler.airflow.svc:6432/airflow");
        assertThat(urls.get("connection-direct")).contains("host=postgresql-standby.airflow.svc:5432");
    }

    @Test
    void has_no_url_for_reports_without_a_standby_and_no_authority_without_tls() {
        assertThat(urls(PostgresqlHaSpec.builder()
                        .standby(StandbyDatabaseSpec.builder().enabled(false).build())
                        .tls(TlsSpec.builder().mode(TlsMode.OFF).build())))
                .doesNotContainKey("reporting")
                .containsEntry(
                        "connection",
                        "postgresql+psycopg2://airflow:PASSWORD@postgresql-primary.airflow.svc:5432/airflow?target_session_attrs=read-write&"
                                + OPTIONS);
    }

    @Test
    void reports_as_the_declared_role_with_its_own_password() {
        Installation installation = Installation.of(PostgresqlHaSpec.builder()
                .addRole(RoleSpec.builder()
                        .name("reporting")
                        .putDatabase("airflow", DatabaseAccess.READ_ONLY)
                        .build())
                .airflow(AirflowSpec.builder().reportingRole("reporting").build())
                .build());
        AirflowUrl reporting = AirflowUrls.of(installation).stream()
                .filter(url -> url.key().equals("reporting"))
                .findFirst()
                .orElseThrow();
        assertThat(reporting.url()).startsWith("postgresql://reporting:PASSWORD@/airflow?");
        assertThat(reporting.source().key()).isEqualTo("reporting-password");
    }

    private static PostgresqlHaSpec.Builder automatic() {
        PostgresqlHaSpec.Builder builder = PostgresqlHaSpec.builder();
        builder.failover(Failover.AUTOMATIC).image("registry.example/patroni:17");
        return builder;
    }

    private static Map<String, String> urls(PostgresqlHaSpec.Builder spec) {
        return AirflowUrls.of(Installation.of(spec.build())).stream()
                .collect(Collectors.toMap(AirflowUrl::key, AirflowUrl::url));
    }
}
