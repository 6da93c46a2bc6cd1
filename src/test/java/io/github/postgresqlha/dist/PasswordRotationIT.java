package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** rotate-passwords.sh, with the verifiers that the product itself makes. */
class PasswordRotationIT {

    private static final String SECRET = "secret/postgresql-secret/";

    @TempDir
    private static Path common;

    @TempDir
    private Path folder;

    private static RotationCluster installed;
    private RotationCluster cluster;

    @BeforeAll
    static void install() {
        installed = new RotationCluster(common, Examples.standard()).installed();
    }

    @BeforeEach
    void copy() {
        cluster = installed.copy(folder);
    }

    @Test
    void changes_one_role_waits_until_it_has_it_and_says_what_airflow_needs() {
        String before = cluster.read(SECRET + "airflow-password");
        String other = cluster.read(SECRET + "monitor-password");
        Tool.Result result = rotate("--role", "airflow");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("waiting: postgresql-standby-0 has not got the Secret yet", "from now on the old ones fail")
                .contains("sessions that are open go on", "key airflow-password of Secret postgresql-secret");
        assertThat(cluster.read(SECRET + "airflow-password"))
                .isNotEqualTo(before)
                .hasSizeGreaterThanOrEqualTo(32);
        assertThat(cluster.read(SECRET + "monitor-password")).isEqualTo(other);
        assertThat(fits("airflow")).isTrue();
        assertNothingShown();
    }

    @Test
    void changes_every_role_and_then_nothing_is_to_be_done() {
        String before = cluster.shell("cat \"$STATE\"/secret/postgresql-secret/*-password")
                .output();
        Tool.Result result = rotate("--all");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("The product's own roles");
        for (String role : new String[] {"postgres", "airflow", "replicator", "rewinder", "monitor", "backup"}) {
            assertThat(before).as(role).doesNotContain(cluster.read(SECRET + role + "-password"));
            assertThat(fits(role)).as(role).isTrue();
        }
        String version = cluster.read(SECRET + ".version");
        Tool.Result status = cluster.run("rotate-passwords.sh", "--status");
        assertThat(status.status()).as(status.output()).isZero();
        assertThat(status.output()).contains("postgresql-primary-0 is primary: its roles have the passwords");
        assertThat(cluster.read(SECRET + ".version")).isEqualTo(version);
        assertNothingShown();
    }

    @Test
    void names_a_role_that_keeps_another_password() {
        cluster.shell("rm -f \"$STATE\"/verifier.*; printf '%s\\n' '#!/bin/sh' "
                + "'echo SCRAM-SHA-256\\$4096:AAAAAAAAAAAAAAAAAAAAAA==\\$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' "
                + ">bin/psql.new && chmod +x bin/psql.new && mv bin/psql.new bin/psql");
        Tool.Result result = rotate("--role=airflow", "--timeout", "3");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("postgresql-primary-0 airflow has another password", "running this again");
        assertThat(cluster.run("rotate-passwords.sh", "--status").status()).isEqualTo(1);
    }

    @Test
    void needs_a_primary_to_say_that_it_is_done() {
        cluster.write("pods/postgresql-primary-0/.role", "undecided\n");
        Tool.Result result = rotate("--role", "monitor");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("no member is primary: the roles get the passwords as soon as one is");
    }

    @ParameterizedTest
    @CsvSource({"1,before", "1,after"})
    void is_done_again_after_it_was_killed(int change, String moment) {
        assertThat(cluster.runKilled(change, moment, "rotate-passwords.sh", "--role", "airflow", "--yes"))
                .isTrue();
        assertThat(rotate("--role", "airflow").status()).isZero();
        assertThat(fits("airflow")).isTrue();
    }

    @Test
    void a_second_writer_is_refused_and_nothing_changes() {
        String before = cluster.read(SECRET + "airflow-password");
        cluster.write("race", "");
        Tool.Result result = rotate("--role", "airflow");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("did somebody else change it? Run this again");
        assertThat(cluster.read(SECRET + "airflow-password")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --role nobody | 'nobody' has no password; there are postgres airflow
            --role        | '' has no password
            --yes         | which role: --role ROLE or --all
            --rol         | unknown option
            """)
    void refuses_bad_usage(String arguments, String message) {
        Tool.Result result = cluster.run("rotate-passwords.sh", arguments.split(" "));
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(message);
    }

    @Test
    void a_dry_run_changes_nothing() {
        String version = cluster.read(SECRET + ".version");
        assertThat(cluster.run("rotate-passwords.sh", "--all", "--dry-run").status())
                .isZero();
        assertThat(cluster.read(SECRET + ".version")).isEqualTo(version);
    }

    @Test
    void leaves_the_secret_of_somebody_else_alone() {
        cluster.shell("sed -i 's/^SECRET_KEYS=.*/SECRET_KEYS=/' dist/postgresql.env");
        Tool.Result result = rotate("--all");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("is maintained by somebody else: change the key ROLE-password there");
    }

    /** The verifier that the role has is of the password in the Secret. */
    private boolean fits(String role) {
        return cluster.shell("verifier=$(cat \"$STATE/verifier." + role
                                + "\"); [ -n \"$verifier\" ] && [ \"$({ printf '%s\\n' \"$verifier\"; cat \"$STATE/secret/postgresql-secret/"
                                + role
                                + "-password\"; } | perl dist/scripts/upkeep/scram-verifier.pl)\" = \"$verifier\" ]")
                        .status()
                == 0;
    }

    private void assertNothingShown() {
        assertThat(cluster.secrets())
                .hasSizeGreaterThan(8)
                .allSatisfy(secret -> assertThat(cluster.arguments()).doesNotContain(secret));
    }

    private Tool.Result rotate(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--yes";
        return cluster.run("rotate-passwords.sh", all);
    }
}
