package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The Secret of the members' certificate as it is mounted, and authorities that sign for it, all made by openssl. */
final class LocalTls {

    /** What members and jobs ask for on loopback. */
    static final String LOOPBACK = "IP:127.0.0.1,DNS:localhost";

    private final LocalPostgres local;
    private final Path mounted;

    /** With the certificate of an authority named first. */
    LocalTls(LocalPostgres local) {
        this(local, "first");
    }

    /** With a folder of its own. */
    LocalTls(LocalPostgres local, String authority) {
        this.local = local;
        mounted = local.makeFolder("mounted-by-" + authority + "/tls");
        authority(authority);
        issue(authority, LOOPBACK, 90);
    }

    LocalPostgres local() {
        return local;
    }

    Path mounted() {
        return mounted;
    }

    Path authority(String name) {
        Path folder = local.makeFolder("authority-" + name);
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + folder + "/ca.key -out "
                + folder + "/ca.crt -days 30 -subj /CN=" + name);
        return folder.resolve("ca.crt");
    }

    /** Mounts another certificate of an authority, and the authority. */
    void issue(String authority, String names, int days) {
        put("tls.crt", certificate(authority, names, days));
        put("ca.crt", authorityOf(authority));
    }

    /** A certificate for a new key, which is mounted at once. */
    private String certificate(String authority, String names, int days) {
        Path folder = local.folder().resolve("authority-" + authority);
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=member -addext subjectAltName="
                + names + " -keyout " + folder + "/tls.key -out " + folder + "/tls.csr");
        openssl("x509 -req -in " + folder + "/tls.csr -CA " + folder + "/ca.crt -CAkey " + folder
                + "/ca.key -CAcreateserial -copy_extensions copy -days " + days + " -out " + folder + "/tls.crt");
        put("tls.key", Project.read(folder.resolve("tls.key")));
        return Project.read(folder.resolve("tls.crt"));
    }

    String authorityOf(String name) {
        return Project.read(local.folder().resolve("authority-" + name + "/ca.crt"));
    }

    void put(String file, String text) {
        local.write(mounted.resolve(file), text);
    }

    String read(String file) {
        return Project.read(mounted.resolve(file));
    }

    /** As the manifests of an installation with {@code tls.required} have it. */
    void require(LocalInstance member) {
        offer(member);
        member.with("TLS_CA_FILE", member.runtime().resolve("tls/ca.crt").toString())
                .with("CONFIG_DIRECTORY", local.configurationWithTls().toString());
    }

    /** As with {@code tls.mode: off}. */
    void leave(LocalInstance member) {
        member.with("TLS_DIRECTORY", "")
                .with("TLS_CA_FILE", "")
                .with("CONFIG_DIRECTORY", local.configuration().toString());
    }

    /** As with {@code tls.required: false}. */
    void offer(LocalInstance member) {
        member.with("TLS_DIRECTORY", mounted.toString())
                .with("TLS_CA_FILE", "")
                .with("CONFIG_DIRECTORY", local.configurationOfferingTls().toString());
    }

    Map<String, String> ofJob() {
        String authority = mounted.resolve("ca.crt").toString();
        return new TreeMap<>(Map.of("PGSSLMODE", "verify-full", "PGSSLROOTCERT", authority, "TLS_CA_FILE", authority));
    }

    private void openssl(String arguments) {
        Tool.Result result = Tool.run(local.process(Map.of(), ("openssl " + arguments).split(" ", -1)), local.folder());
        assertThat(result.status()).as(result.output()).isZero();
    }
}
