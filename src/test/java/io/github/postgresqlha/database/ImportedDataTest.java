package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.BootstrapSpec;
import io.github.postgresqlha.spec.FromDatabaseSpec;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.SecretKeySpec;
import io.github.postgresqlha.spec.SourceSpec;
import io.github.postgresqlha.spec.SourceSslMode;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class ImportedDataTest {

    private static final Installation INSTALLATION = Installation.of(PostgresqlHaSpec.builder()
            .bootstrap(BootstrapSpec.builder()
                    .fromDatabase(FromDatabaseSpec.builder()
                            .host("old.svc")
                            .database("air flow")
                            .user("postgres")
                            .passwordSecret(SecretKeySpec.builder()
                                    .secret("old")
                                    .key("postgres-password")
                                    .build())
                            .sslmode(SourceSslMode.VERIFY_FULL)
                            .ca(SecretKeySpec.builder()
                                    .secret("old")
                                    .key("root.crt")
                                    .build())
                            .whileInUse(true)
                            .addWithoutExtensions("set_user", "pg_auth_mon")
                            .addWithoutSchemas("metric_helpers")
                            .build())
                    .build())
            .network(NetworkSpec.builder()
                    .addSources(SourceSpec.builder().cidr("10.20.0.0/16").build())
                    .build())
            .build());

    private static Instance member(int number) {
        return new Instance(INSTALLATION, INSTALLATION.members().get(number));
    }

    /** The pod starts without them: the Secret may be removed when all is imported. */
    @Test
    void the_primary_has_the_password_and_the_authority_as_files_that_may_be_missing() {
        assertThat(YamlText.of(InstanceVolumes.volumes(member(0)).stream()
                        .filter(volume -> volume.getName().equals("import"))
                        .toList()))
                .isEqualTo("""
                  - name: import
                    secret:
                      defaultMode: 288
                      items:
                        - key: postgres-password
                          path: password
                        - key: root.crt
                          path: ca.crt
                      optional: true
                      secretName: old
                """);
        assertThat(InstanceVolumes.mounts(member(0)))
                .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/etc/postgresql/import"));
    }

    @Test
    void the_primary_is_told_where_the_source_is_and_nothing_secret() {
        assertThat(InstanceEnvironment.of(member(0)).variables().stream()
                        .filter(variable -> variable.getName().startsWith("IMPORT_"))
                        .map(variable -> variable.getName() + "=" + variable.getValue()))
                .containsExactly(
                        "IMPORT_DATABASE=air flow",
                        "IMPORT_DIRECTORY=/etc/postgresql/import",
                        "IMPORT_HOST=old.svc",
                        "IMPORT_PORT=5432",
                        "IMPORT_SSLMODE=verify-full",
                        "IMPORT_USER=postgres",
                        "IMPORT_WHILE_IN_USE=yes",
                        "IMPORT_WITHOUT_EXTENSIONS=set_user,pg_auth_mon",
                        "IMPORT_WITHOUT_SCHEMAS=metric_helpers");
    }

    @Test
    void a_standby_copies_the_primary_and_has_none_of_it() {
        assertThat(InstanceVolumes.volumes(member(1)))
                .noneSatisfy(volume -> assertThat(volume.getName()).isEqualTo("import"));
        assertThat(InstanceEnvironment.of(member(1)).variables())
                .noneSatisfy(variable -> assertThat(variable.getName()).startsWith("IMPORT_"));
    }
}
