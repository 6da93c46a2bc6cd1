package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two Patroni with what {@code patroni/process.sh} writes of TLS: they stream, ask each other and take requests with both sides verified. */
class PatroniTlsIT {

    private LocalPostgres local;
    private LocalKubernetes kubernetes;
    private LocalTls tls;
    private LocalPatroni first;
    private LocalPatroni second;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        local = LocalPostgres.create();
        kubernetes = new LocalKubernetes();
        tls = new LocalTls(local);
        issue("first");
        first = new LocalPatroni(local, kubernetes, 1);
        second = new LocalPatroni(local, kubernetes, 2);
        List.of(first, second).forEach(this::secure);
        first.serveWith(second);
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
        kubernetes.close();
        local.delete();
    }

    private void issue(String authority) {
        tls.issue(
                authority,
                "IP:" + LocalPatroni.address(1) + ",IP:" + LocalPatroni.address(2) + ",DNS:member1,DNS:member2",
                90);
    }

    /** What the supervisor does at a start and when the mounted certificate has changed. */
    private void secure(LocalPatroni member) {
        Tool.Result written =
                member.bash(scripts("take_tls || { echo \"$tls_problem\"; exit 1; }; { echo restapi:; patroni_tls; "
                        + "printf 'postgresql:\\n  authentication:\\n    replication:\\n'; verified_connection; "
                        + "printf '    rewind:\\n'; verified_connection; } >$HOME/tls.yml; "
                        + "printf \"ssl = on\\nssl_cert_file = '$copies/tls.crt'\\nssl_key_file = '$copies/tls.key'\\nssl_ca_file = '$copies/ca.crt'\\n\" >"
                        + member.home() + "/tls.conf"));
        assertThat(written.status()).as(written.output()).isZero();
        Path configuration = local.folder().resolve(member.name() + "-configuration");
        local.write(
                configuration.resolve("4-tls.yml"), Project.read(member.home().resolve("tls.yml")));
        local.write(configuration.resolve("postgresql.conf"), "include '" + member.home() + "/tls.conf'\n");
    }

    private String scripts(String commands) {
        return "set -Eeuo pipefail; script_dir=" + local.scripts() + "; INSTANCE_NAME=member; PATRONI_PORT=8008; "
                + "for file in lib/log lib/postgres lib/secrets lib/clock upkeep/tls patroni/process patroni/api patroni/watch; do source $script_dir/$file.sh; done; "
                + "export PASSFILE_DIRECTORY=$HOME TLS_DIRECTORY=" + tls.mounted()
                + " TLS_CA_FILE=$HOME/tls/ca.crt; copies=$HOME/tls; "
                + commands;
    }

    private String ask(LocalPatroni asking, LocalPatroni asked) {
        return asking.bash(scripts("ask_patroni " + asked.address() + " " + asked.name()))
                .output();
    }

    @Test
    void stream_switch_over_and_take_a_renewed_certificate() throws InterruptedException, IOException {
        second.require("an answer", () -> ask(first, second).startsWith("running/replica/"));
        assertThat(first.bash(scripts("ask_patroni " + second.address() + " other || echo refused"))
                        .output())
                .isEqualTo("refused\n");
        assertThat(encrypted(first)).isEqualTo("t");
        assertThat(second.sql("SHOW primary_conninfo")).contains("sslmode=verify-full", "ca.crt");
        assertThat(first.bash("exec 3<>/dev/tcp/" + first.address()
                                + "/8008; printf 'GET /patroni HTTP/1.0\\r\\n\\r\\n' >&3; timeout 3 cat <&3")
                        .output())
                .doesNotContain("running");
        assertThat(first.bash("printf 'PATCH /config HTTP/1.0\\r\\nContent-Length: 11\\r\\n\\r\\n{\"ttl\": 20}' "
                                + "| timeout 4 openssl s_client -quiet -bind " + first.address()
                                + ":0 -connect " + first.address() + ":8008 2>/dev/null")
                        .output())
                .contains(" 403 ")
                .contains("client certificate required");
        Tool.Result switched =
                first.patronictl("switchover", LocalPatroni.SCOPE, "--candidate", second.name(), "--force");
        assertThat(switched.output()).contains("Successfully switched over");
        second.require("the new primary", second::isPrimary);
        first.require("a standby that streams", first::streams);
        assertThat(encrypted(second)).isEqualTo("t");
        first.require("an answer of the other", () -> ask(second, first).startsWith("running/replica/"));
        tls.authority("other");
        issue("other");
        tls.put("ca.crt", tls.authorityOf("first") + tls.authorityOf("other"));
        for (LocalPatroni member : List.of(first, second)) {
            secure(member);
            member.reload();
        }
        second.require("the other certificate", () -> shown(second).contains("CN = other"));
        second.require("an answer under it", () -> ask(first, second).startsWith("running/primary/"));
    }

    private static String shown(LocalPatroni member) {
        return member.bash("openssl s_client -connect " + member.address()
                        + ":8008 </dev/null 2>/dev/null | openssl x509 -noout -issuer")
                .output();
    }

    private static String encrypted(LocalPatroni primary) {
        return primary.sql("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)");
    }
}
