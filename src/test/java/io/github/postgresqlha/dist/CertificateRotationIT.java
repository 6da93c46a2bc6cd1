package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** rotate-certificates.sh with a real openssl: in no moment does a pod or a client lack the CA of what a member presents. */
@Tag("long")
class CertificateRotationIT {

    private static final String TLS = "secret/postgresql-tls/";

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
    void renews_the_certificate_with_the_present_ca_and_waits_until_members_present_it() {
        String certificate = cluster.read(TLS + "tls.crt");
        String key = cluster.read(TLS + "tls.key");
        String authority = cluster.read(TLS + "ca.crt");
        cluster.shell("sed -i '/^TLS_NAMES=/s/$/:postgresql-standby-2/' dist/postgresql.env");
        assertThat(status()).contains("TO DO: names of the specification that it lacks: postgresql-standby-2");
        Tool.Result result = rotate();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("waiting: postgresql-standby-0 presents another certificate on port 5432");
        assertThat(cluster.read(TLS + "tls.crt")).isNotEqualTo(certificate);
        assertThat(cluster.read(TLS + "tls.key")).isNotEqualTo(key);
        assertThat(cluster.read(TLS + "ca.crt")).isEqualTo(authority);
        assertThat(cluster.read("pods/postgresql-standby-0/loaded")).isEqualTo(cluster.read(TLS + "tls.crt"));
        assertThat(status()).doesNotContain("TO DO").contains("postgresql-standby-2", "its key is at hand");
        assertNothingShown();
    }

    @Test
    void changes_the_ca_in_steps_and_takes_the_old_one_away_when_told() {
        String old = cluster.read(TLS + "ca.crt");
        Tool.Result halfway = rotate("--ca", "--trust-only");
        assertThat(halfway.output()).contains("ca.crt of ConfigMap postgresql-ca", "./rotate-certificates.sh --ca");
        assertThat(cluster.read(TLS + "ca.crt")).startsWith(old).hasSizeGreaterThan(old.length());
        assertThat(rotate("--finish").output()).contains("not of the newest CA yet: ./rotate-certificates.sh --ca");
        assertThat(status()).contains("TO DO: a new CA is trusted, and has not signed the certificate yet");
        assertThat(rotate("--ca").output()).contains("go on: every pod trusts");
        assertThat(status()).contains("TO DO: the old CA is still trusted");
        assertThat(cluster.authorityKeys()).hasSize(2);
        assertThat(rotate("--finish").output()).contains("one CA is trusted");
        assertFinished(old);
        assertThat(rotate("--finish").output()).contains("nothing is left to do");
        assertNothingShown();
    }

    /** Its three changes are the CAs of the Secret, those of the ConfigMap, and the certificate. */
    @ParameterizedTest
    @CsvSource({"1,before", "1,after", "2,before", "2,after", "3,before", "3,after"})
    void a_change_of_the_ca_goes_on_after_it_was_killed(int change, String moment) {
        String old = cluster.read(TLS + "ca.crt");
        assertThat(cluster.runKilled(change, moment, "rotate-certificates.sh", "--ca", "--yes"))
                .isTrue();
        Tool.Result again = rotate("--ca");
        assertThat(again.status()).as(again.output()).isZero();
        assertThat(cluster.authorityKeys()).hasSize(2);
        assertThat(rotate("--finish").status()).isZero();
        assertFinished(old);
    }

    @ParameterizedTest
    @CsvSource({"1,before", "1,after", "2,before", "2,after"})
    void the_end_of_the_old_ca_goes_on_after_it_was_killed(int change, String moment) {
        String old = cluster.read(TLS + "ca.crt");
        rotate("--ca");
        assertThat(cluster.runKilled(change, moment, "rotate-certificates.sh", "--finish", "--yes"))
                .isTrue();
        assertThat(rotate("--finish").status()).isZero();
        assertFinished(old);
    }

    @Test
    void a_renewal_that_was_killed_is_done_again() {
        assertThat(cluster.runKilled(1, "after", "rotate-certificates.sh", "--yes"))
                .isTrue();
        assertThat(rotate().status()).isZero();
        assertThat(status()).doesNotContain("TO DO");
    }

    @Test
    void needs_only_the_secret_where_the_key_of_the_ca_is_lost() {
        String old = cluster.read(TLS + "ca.crt");
        cluster.shell("rm -r data");
        Tool.Result lost = rotate();
        assertThat(lost.status()).isEqualTo(1);
        assertThat(lost.output())
                .contains("--ca-directory says where it is", "--ca makes a new CA, which needs only the Secret");
        assertThat(status()).contains("its key is not here");
        assertThat(rotate("--ca").status()).isZero();
        assertThat(rotate("--finish").status()).isZero();
        assertFinished(old);
    }

    @Test
    void takes_the_key_of_the_ca_from_where_it_is_said_to_be() {
        cluster.shell("mv data/postgresql-ha/*/airflow/postgresql safe");
        assertThat(rotate().status()).isEqualTo(1);
        assertThat(rotate("--ca-directory", "safe").status()).isZero();
    }

    @Test
    void moves_the_key_of_a_new_ca_into_the_cluster_only_when_asked() {
        String old = cluster.read(TLS + "ca.crt");
        assertThat(rotate("--ca", "--ca-in-cluster").status()).isZero();
        assertThat(cluster.shell("ls \"$STATE/secret/postgresql-ca-key\" | wc -l")
                        .output())
                .isEqualTo("2\n");
        assertThat(rotate("--finish").status()).isZero();
        assertFinished(old);
        cluster.shell("rm -r data");
        assertThat(rotate().status()).isZero();
    }

    @Test
    void a_member_that_does_not_answer_is_named_and_nothing_goes_on() {
        cluster.write("pods/postgresql-standby-0/.broken", "unable to upgrade connection\n");
        Tool.Result result = rotate("--ca", "--timeout", "2");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "not within 2 s: ",
                        "postgresql-standby-0 does not answer: error: unable to upgrade connection",
                        "running this again goes on");
        assertThat(cluster.read(TLS + "tls.crt")).isEqualTo(cluster.read("pods/postgresql-primary-0/loaded"));
        cluster.remove("pods/postgresql-standby-0/.broken");
        assertThat(rotate("--ca").output()).contains("go on");
        assertThat(cluster.read("broken")).isEmpty();
    }

    @Test
    void a_stopped_server_counts_when_its_pod_has_the_certificate() {
        cluster.write("pods/postgresql-standby-0/.stopped", "");
        Tool.Result result = rotate();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(cluster.read("pods/postgresql-standby-0/tls.crt")).isEqualTo(cluster.read(TLS + "tls.crt"));
    }

    /** Clients are told by it, not by a member. */
    @Test
    void waits_for_the_pooler() {
        String pod = "pods/postgresql-pooler-5fcb7fc7f8-6tzm9";
        cluster.shell(
                "echo POOLER=postgresql-pooler >>dist/postgresql.env; cp -a \"$STATE/pods/postgresql-standby-0\" \"$STATE/"
                        + pod + "\"; echo 1 >\"$STATE/" + pod + "/.tick\"");
        Tool.Result result = rotate();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("waiting: ", "postgresql-pooler-5fcb7fc7f8-6tzm9 presents another certificate on port 6432");
        assertThat(cluster.read(pod + "/loaded")).isEqualTo(cluster.read(TLS + "tls.crt"));
        assertThat(status()).contains("postgresql-pooler-5fcb7fc7f8-6tzm9 presents it");
    }

    @Test
    void a_second_writer_is_refused() {
        cluster.write("race", "");
        Tool.Result result = rotate();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("did somebody else change it? Run this again");
    }

    @Test
    void a_certificate_does_not_outlive_its_ca() {
        assertThat(rotate("--certificate-days", "3650").output())
                .contains("the CA itself ends in", "--ca makes a new one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            certManager    | cert-manager renews the certificate in Secret postgresql-tls
            existingSecret | Secret postgresql-tls is maintained by somebody else
            off            | there is no certificate: tls.mode is off
            """)
    void says_who_renews_where_it_does_not(String mode, String message) {
        cluster.shell("sed -i 's/^TLS_MODE=.*/TLS_MODE=" + mode + "/' dist/postgresql.env");
        Tool.Result result = rotate();
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(message);
        assertThat(cluster.run("rotate-certificates.sh", "--status").status()).isEqualTo(mode.equals("off") ? 64 : 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --certificate-days 0    | a whole number from 1 to 3650, got '0'
            --certificate-days 3651 | a whole number from 1 to 3650, got '3651'
            --certificate-days      | a value is missing
            --client-wait soon      | seconds, a whole number, got 'soon'
            --trust-only            | goes with --ca
            --ca --finish           | one of them
            --froce                 | unknown option; --help shows the options
            """)
    void refuses_bad_usage(String arguments, String message) {
        cluster.remove("calls");
        Tool.Result result = cluster.run("rotate-certificates.sh", arguments.split(" "));
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(message);
        assertThat(cluster.read("calls")).isEmpty();
    }

    @Test
    void a_dry_run_changes_nothing_and_without_a_terminal_it_asks_for_yes() {
        String before = cluster.read(TLS + ".version");
        assertThat(cluster.run("rotate-certificates.sh", "--ca", "--dry-run").output())
                .contains("make a new CA");
        Tool.Result asked = cluster.run("rotate-certificates.sh");
        assertThat(asked.status()).isEqualTo(64);
        assertThat(asked.output()).contains("--yes goes ahead");
        assertThat(cluster.read(TLS + ".version")).isEqualTo(before);
        assertThat(cluster.authorityKeys()).hasSize(1);
    }

    private void assertFinished(String oldAuthority) {
        assertThat(status()).doesNotContain("TO DO").contains("signed the certificate, its key is at hand");
        assertThat(cluster.read(TLS + "ca.crt")).doesNotContain(oldAuthority);
        assertThat(cluster.read("configmap/postgresql-ca/ca.crt")).isEqualTo(cluster.read(TLS + "ca.crt"));
        assertThat(cluster.shell("grep -c BEGIN \"$STATE/secret/postgresql-tls/ca.crt\"")
                        .output())
                .isEqualTo("1\n");
        assertThat(cluster.shell("find . -name 'ca-*.key' -not -path '*/pods/*' | wc -l")
                        .output())
                .isEqualTo("1\n");
        assertThat(cluster.read("broken")).isEmpty();
    }

    private void assertNothingShown() {
        assertThat(cluster.secrets())
                .hasSizeGreaterThan(8)
                .allSatisfy(secret -> assertThat(cluster.arguments()).doesNotContain(secret));
        assertThat(cluster.read("broken")).isEmpty();
    }

    private String status() {
        return cluster.run("rotate-certificates.sh", "--status").output();
    }

    private Tool.Result rotate(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--yes";
        return cluster.run("rotate-certificates.sh", all);
    }
}
