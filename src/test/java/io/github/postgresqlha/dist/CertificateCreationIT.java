package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate of a new installation, by deploy-postgresql.sh and a real openssl. */
class CertificateCreationIT {

    private static final String TLS = "secret/postgresql-tls/";

    @TempDir
    private Path folder;

    private RotationCluster cluster;

    @BeforeEach
    void install() {
        cluster = new RotationCluster(folder, Examples.standard());
    }

    @Test
    void makes_a_certificate_of_every_name_that_both_sides_verify() {
        Tool.Result result = deploy();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains(
                        "(3650 days)",
                        "(397 days)",
                        "keep this folder in a safe place",
                        "rotate-certificates.sh renews it");
        assertThat(verified("-purpose sslserver -verify_hostname postgresql-primary"))
                .contains(": OK");
        assertThat(verified("-purpose sslclient")).contains(": OK");
        for (String name : names()) {
            assertThat(verified("-verify_hostname " + name)).as(name).contains(": OK");
        }
        assertThat(verified("-verify_hostname postgresql-other")).contains("hostname mismatch");
        assertThat(cluster.shell("openssl x509 -noout -text -in \"$STATE/secret/postgresql-tls/tls.crt\"")
                        .output())
                .contains(
                        "prime256v1", "CA:FALSE", "Digital Signature", "TLS Web Server Authentication, TLS Web Client");
        assertThat(cluster.shell("openssl x509 -noout -text -in \"$STATE/secret/postgresql-tls/ca.crt\"")
                        .output())
                .contains("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign");
        assertThat(cluster.read("configmap/postgresql-ca/ca.crt")).isEqualTo(cluster.read(TLS + "ca.crt"));
        assertThat(cluster.read("created"))
                .contains(
                        "Prune=false,Delete=false", "kustomize.toolkit.fluxcd.io/prune", "app.kubernetes.io/instance");
    }

    @Test
    void keeps_the_key_of_the_ca_for_this_user_alone_and_shows_no_key() throws IOException {
        List<String> before = cluster.leftBehind();
        assertThat(deploy().output()).doesNotContain("PRIVATE KEY");
        List<Path> keys = cluster.authorityKeys();
        assertThat(keys).hasSize(1);
        assertThat(keys.get(0).toString())
                .contains("/postgresql-ha/arn_aws_eks_eu-1_1_cluster_test/airflow/postgresql/ca-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.get(0))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(keys.get(0).getParent())))
                .isEqualTo("rwx------");
        assertThat(cluster.secrets())
                .hasSizeGreaterThan(8)
                .allSatisfy(secret -> assertThat(cluster.arguments()).doesNotContain(secret));
        assertThat(cluster.read("secret/postgresql-ca-key/.version")).isEmpty();
        assertThat(cluster.leftBehind()).isSubsetOf(before);
    }

    @Test
    void never_overwrites_a_certificate_and_names_what_it_lacks() {
        deploy();
        String before = cluster.read(TLS + "tls.crt") + cluster.read(TLS + "tls.key") + cluster.read(TLS + "ca.crt");
        cluster.shell("sed -i '/^TLS_NAMES=/s/$/:postgresql-standby-2/' dist/postgresql.env");
        assertThat(deploy().output())
                .contains(
                        "certificate is there",
                        "lacks names that the specification has: postgresql-standby-2: ./rotate-certificates.sh");
        assertThat(cluster.read(TLS + "tls.crt") + cluster.read(TLS + "tls.key") + cluster.read(TLS + "ca.crt"))
                .isEqualTo(before);
        cluster.remove(TLS + "ca.crt");
        Tool.Result partial = deploy();
        assertThat(partial.status()).isEqualTo(1);
        assertThat(partial.output()).contains("has only", "what is there is never overwritten");
    }

    @Test
    void mends_the_ca_of_clients_and_leaves_it_alone_where_it_is_right() {
        deploy();
        cluster.write("configmap/postgresql-ca/ca.crt", "other\n");
        assertThat(deploy().output()).contains("ConfigMap postgresql-ca: ca.crt for clients, 1 CA");
        assertThat(cluster.read("configmap/postgresql-ca/ca.crt")).isEqualTo(cluster.read(TLS + "ca.crt"));
        assertThat(deploy().output()).doesNotContain("ConfigMap");
    }

    /** Before and after each change in the cluster: passwords, certificate, ConfigMap. */
    @ParameterizedTest
    @CsvSource({"1,after", "2,before", "2,after", "3,before", "3,after"})
    void goes_on_after_it_was_killed(int change, String moment) {
        assertThat(cluster.runKilled(change, moment, "deploy-postgresql.sh", "--secrets-only"))
                .isTrue();
        Tool.Result again = deploy();
        assertThat(again.status()).as(again.output()).isZero();
        assertThat(verified("-purpose sslserver")).contains(": OK");
        assertThat(cluster.read("configmap/postgresql-ca/ca.crt")).isEqualTo(cluster.read(TLS + "ca.crt"));
        assertThat(cluster.authorityKeys()).hasSize(1);
        assertThat(cluster.run("rotate-certificates.sh", "--yes", "--dry-run").output())
                .contains("new key and certificate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mkdir -p repository/.git        | repository/deep/er | is in the Git work tree
            : >.git                         | elsewhere          | is in the Git work tree
            true                            | dist/keys          | is in this folder, which is committed
            mkdir -m 777 open               | open               | others may write there
            : >file                         | file               | cannot be made
            """)
    void refuses_a_place_where_a_key_does_not_belong(String prepare, String place, String message) {
        cluster.shell(prepare);
        Tool.Result result = deploy("--ca-directory", place);
        assertThat(result.status()).as(result.output()).isEqualTo(64);
        assertThat(result.output()).contains(message);
        assertThat(cluster.read(TLS + "tls.crt")).isEmpty();
    }

    @Test
    void refuses_a_key_that_others_can_read() {
        deploy();
        cluster.remove("secret/postgresql-tls");
        cluster.shell("chmod 644 data/postgresql-ha/*/airflow/postgresql/*.key");
        Tool.Result result = deploy();
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("others can read it: chmod 600");
    }

    @Test
    void keeps_the_key_of_the_ca_in_the_cluster_only_when_asked() {
        Tool.Result result = deploy("--ca-in-cluster");
        assertThat(result.output()).contains("its key is in Secret postgresql-ca-key: whoever can read Secrets");
        assertThat(cluster.shell("ls \"$STATE/secret/postgresql-ca-key\"").output())
                .matches("(?s)ca-[0-9a-f]{16}\\.crt\nca-[0-9a-f]{16}\\.key\n");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void writes_nothing_over_what_a_second_writer_wrote() {
        deploy();
        cluster.remove(TLS + "ca.crt");
        cluster.remove(TLS + "tls.crt");
        cluster.remove(TLS + "tls.key");
        cluster.write("race", "");
        Tool.Result result = deploy();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("did somebody else change it? Run this again");
        assertThat(cluster.read(TLS + "tls.crt")).isEmpty();
    }

    @Test
    void has_the_names_of_the_namespace_that_was_chosen() {
        assertThat(deploy("--namespace", "staging").status()).isZero();
        assertThat(verified("-verify_hostname postgresql-primary-0.postgresql-peers.staging.svc.cluster.local"))
                .contains(": OK");
        assertThat(verified("-verify_hostname postgresql-primary.airflow")).contains("hostname mismatch");
    }

    /** As LibreSSL of an old macOS: what it does not know it says, and the cluster has no half of it. */
    @Test
    void names_an_openssl_that_cannot_do_it() throws IOException {
        Path openssl = folder.resolve("bin/openssl");
        Files.delete(openssl);
        Files.writeString(
                openssl,
                "#!/bin/sh\ncase $1 in version) echo 'LibreSSL 2.2.7';; *) echo 'unknown option' >&2; exit 1;; esac\n");
        assertThat(openssl.toFile().setExecutable(true)).isTrue();
        Tool.Result result = deploy();
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("LibreSSL 2.2.7", "unknown option", "OpenSSL 1.1.1 or newer can");
        assertThat(cluster.read(TLS + "tls.crt")).isEmpty();
    }

    /** With the key of the CA made, and nothing signed by it yet. */
    @Test
    void leaves_no_key_where_it_is_ended() throws IOException {
        List<String> before = cluster.leftBehind();
        Path openssl = folder.resolve("bin/openssl");
        Files.delete(openssl);
        Files.writeString(
                openssl, "#!/bin/sh\n[ \"$1\" != ca ] || kill -TERM \"$PPID\"\nexec \"$REAL_OPENSSL\" \"$@\"\n");
        assertThat(openssl.toFile().setExecutable(true)).isTrue();
        assertThat(deploy().status()).isEqualTo(143);
        assertThat(cluster.leftBehind()).isSubsetOf(before);
        assertThat(cluster.read(TLS + "tls.crt")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"certManager", "existingSecret"})
    void makes_nothing_where_others_do_and_still_tells_clients_the_ca(String mode) {
        deploy();
        cluster.remove("configmap/postgresql-ca");
        cluster.shell("sed -i 's/^TLS_MODE=.*/TLS_MODE=" + mode + "/' dist/postgresql.env");
        assertThat(deploy().output())
                .contains("the certificate comes from Secret postgresql-tls", "ConfigMap postgresql-ca");
        assertThat(cluster.read("configmap/postgresql-ca/ca.crt")).isEqualTo(cluster.read(TLS + "ca.crt"));
        cluster.remove("secret/postgresql-tls");
        Tool.Result early = deploy();
        assertThat(early.status()).isZero();
        assertThat(early.output()).contains("note: Secret postgresql-tls has no ca.crt");
        assertThat(cluster.read(TLS + "tls.crt")).isEmpty();
    }

    private Tool.Result deploy(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--secrets-only";
        return cluster.run("deploy-postgresql.sh", all);
    }

    private List<String> names() {
        return Project.read(cluster.dist().resolve("postgresql.env"))
                .lines()
                .filter(line -> line.startsWith("TLS_NAMES="))
                .flatMap(line -> List.of(line.substring("TLS_NAMES=".length()).split(":", -1)).stream())
                .toList();
    }

    private String verified(String options) {
        return cluster.shell("openssl verify " + options
                        + " -CAfile \"$STATE/secret/postgresql-tls/ca.crt\" \"$STATE/secret/postgresql-tls/tls.crt\"")
                .output();
    }
}
