package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a running member does with another certificate in its mounted Secret: nothing restarts, and a bad one serves nobody. */
class TlsRenewalIT {

    private final LocalTls tls = new LocalTls(LocalPostgres.create());
    private final LocalPair pair = LocalPair.withTls(tls);
    private final LocalInstance primary = pair.primary();

    @BeforeEach
    void start() {
        primary.startAlone();
        pair.standby().startAlone();
        primary.awaitRole("primary");
        pair.awaitStreaming(primary, pair.standby());
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void a_good_one_is_loaded_and_a_bad_one_is_named_and_not() {
        long postmaster = primary.postmaster();
        String first = shownSerial();
        tls.issue("first", LocalTls.LOOPBACK, 60);
        primary.awaitLog("the certificate changed: reloading");
        awaitOtherSerial(first);
        String second = shownSerial();
        String key = tls.read("tls.key");
        tls.put("tls.key", "-----BEGIN PRIVATE KEY-----\n");
        primary.awaitLog(
                "tls.key holds no private key, or one with a passphrase: not loaded; the certificate that serves stays");
        tls.issue("first", LocalTls.LOOPBACK, 60);
        tls.put("tls.key", key);
        primary.awaitLog("tls.key does not belong to tls.crt: not loaded");
        tls.issue("first", LocalTls.LOOPBACK, -1);
        primary.awaitLog("tls.crt has ended: ");
        tls.authority("other");
        tls.issue("other", LocalTls.LOOPBACK, 60);
        tls.put("ca.crt", tls.authorityOf("first"));
        primary.awaitLog("tls.crt is not signed by ca.crt: unable to get local issuer certificate: not loaded");
        primary.sql("SELECT pg_reload_conf()");
        assertThat(shownSerial()).isEqualTo(second);
        assertThat(primary.postmaster()).isEqualTo(postmaster);
        assertThat(primary.log()).doesNotContain("PRIVATE KEY");
    }

    /** Two authorities are trusted in between, so that whoever has which certificate is believed. */
    @Test
    void an_authority_is_renewed_by_way_of_two() {
        String first = shownSerial();
        long postmaster = primary.postmaster();
        String other = tls.authority("other").toString();
        assertThat(other).endsWith("ca.crt");
        tls.put("ca.crt", tls.authorityOf("first") + tls.authorityOf("other"));
        primary.awaitLog("the certificate changed: reloading");
        pair.standby().awaitLog("the certificate changed: reloading");
        tls.issue("other", LocalTls.LOOPBACK, 60);
        tls.put("ca.crt", tls.authorityOf("first") + tls.authorityOf("other"));
        awaitOtherSerial(first);
        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        pair.awaitStreaming(primary, pair.standby());
        assertThat(primary.postmaster()).isEqualTo(postmaster);
    }

    private String shownSerial() {
        return primary.run(
                        "bash",
                        "-c",
                        "openssl s_client -starttls postgres -connect 127.0.0.1:" + primary.port()
                                + " </dev/null 2>/dev/null | openssl x509 -noout -serial")
                .output();
    }

    private void awaitOtherSerial(String serial) {
        primary.await(
                Duration.ofSeconds(60), () -> !shownSerial().equals(serial), "another certificate than " + serial);
    }
}
