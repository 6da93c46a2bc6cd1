package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RestoreTestSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.TlsSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void speaks_of_a_copy_outside_only_where_there_is_one() {
        assertThat(readme(Examples.offsite()))
                .contains("--from=cronjob/postgresql-offsite manual-offsite", "--from=cronjob/postgresql-offsite-fetch")
                .contains("--from offsite", "what was written since the last copy outside")
                .doesNotContain("All backups are in this cluster");
        assertThat(readme(Examples.standard()))
                .contains("All backups are in this cluster")
                .doesNotContain("postgresql-offsite", "--from offsite");
    }

    @Test
    void speaks_of_the_restore_test_only_where_it_runs() {
        PostgresqlHaSpec without = PostgresqlHaSpec.builder()
                .backup(BackupScheduleSpec.builder()
                        .restoreTest(RestoreTestSpec.builder().enabled(false).build())
                        .build())
                .build();
        assertThat(readme(Examples.standard())).contains("### Restore test", "manual-restore-test");
        assertThat(readme(without)).doesNotContain("### Restore test", "manual-restore-test");
    }

    @Test
    void names_the_standby_to_rebuild_where_there_is_more_than_one() {
        assertThat(readme(Examples.automatic()))
                .contains(
                        "./rebuild-standby.sh --yes --member=postgresql-standby\n",
                        "--delete-volumes --member=postgresql-standby`")
                .doesNotContain("./rebuild-standby.sh --yes\n", "--delete-volumes`");
        assertThat(readme(Examples.standard()))
                .contains("./rebuild-standby.sh --yes\n")
                .doesNotContain("--member=");
    }

    @Test
    void says_who_renews_the_certificate() {
        assertThat(readme(Examples.standard())).contains("./rotate-certificates.sh --ca --yes", "valid for 397 days");
        assertThat(runbook(Examples.standard())).contains("## The CA's key is lost", "postgresql-tls");
        PostgresqlHaSpec foreign = with(TlsSpec.builder()
                .mode(TlsMode.EXISTING_SECRET)
                .existingSecret("company")
                .build());
        assertThat(readme(foreign))
                .contains("Secret `company` is yours", "./rotate-certificates.sh --status")
                .doesNotContain("--ca --yes");
        assertThat(runbook(foreign)).contains("## Renew", "Secret `company`").doesNotContain("key is lost");
        PostgresqlHaSpec managed =
                with(TlsSpec.builder().mode(TlsMode.CERT_MANAGER).build());
        assertThat(readme(managed)).contains("cert-manager makes and renews");
        assertThat(runbook(managed)).contains("cmctl renew postgresql-tls").doesNotContain("key is lost");
        PostgresqlHaSpec off = with(TlsSpec.builder().mode(TlsMode.OFF).build());
        assertThat(readme(off)).contains("`tls.mode` is `off`").doesNotContain("--ca --yes");
        assertThat(runbook(off)).contains("there is none here").doesNotContain("ConfigMap");
    }

    private static PostgresqlHaSpec with(TlsSpec tls) {
        return PostgresqlHaSpec.builder().tls(tls).build();
    }

    private static String runbook(PostgresqlHaSpec spec) {
        return document(spec, "runbooks/certificates.md");
    }

    private static String readme(PostgresqlHaSpec spec) {
        return document(spec, "README-postgresql.md");
    }

    private static String document(PostgresqlHaSpec spec, String path) {
        return DistFiles.of(Installation.of(spec), Map.of()).stream()
                .filter(file -> file.path().equals(path))
                .map(DistFile::content)
                .findFirst()
                .orElseThrow();
    }
}
