package io.github.postgresqlha.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The overlay's Job with a real openssl, but for the connection to the Kubernetes API, behind which there are files. */
class BootstrapIT {

    private static final String RESOURCES = "src/main/resources/io/github/postgresqlha/";

    @TempDir
    private Path state;

    @BeforeEach
    void make_a_pod() throws IOException {
        for (String folder : List.of("secrets", "configmaps", "pod", "bin", "programs")) {
            Files.createDirectory(state.resolve(folder));
        }
        write("secrets/my-secret", "");
        write("pod/token", "a-token\n");
        write("pod/namespace", "here");
        write("pod/ca.crt", "");
        write("programs/connections.txt", """
                # which Secret
                connection my-secret/airflow-password postgresql+psycopg2://airflow:PASSWORD@/airflow?host=a:5432
                password my-secret/airflow-password PASSWORD
                """);
        Files.copy(Project.file(RESOURCES + "overlay/bootstrap.sh"), state.resolve("programs/bootstrap.sh"));
        Files.copy(Project.file(RESOURCES + "dist/lib/certificates.sh"), state.resolve("programs/certificates.sh"));
        Files.copy(
                Project.file("src/test/resources/overlay/openssl"),
                state.resolve("bin/openssl"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void makes_passwords_certificate_and_connection() throws IOException {
        Tool.Result result = run();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("passwords created: postgres-password airflow-password\n", "certificate created: 2 names, ");
        String password = secret("my-secret").get("airflow-password");
        assertThat(password)
                .matches("[A-Za-z0-9_-]{32}")
                .isNotEqualTo(secret("my-secret").get("postgres-password"));
        assertThat(secret("my-airflow"))
                .isEqualTo(Map.of(
                        "connection",
                        "postgresql+psycopg2://airflow:" + password + "@/airflow?host=a:5432",
                        "password",
                        password));
        assertThat(secret("my-tls")).containsOnlyKeys("ca.crt", "tls.crt", "tls.key");
        assertThat(Project.read(state.resolve("configmaps/my-ca"))).startsWith("ca.crt: -----BEGIN CERTIFICATE-----");
    }

    /** As rotate-certificates.sh looks for it, and as a member's name is verified. */
    @Test
    void keeps_the_key_of_the_authority_that_signed_the_certificate() throws IOException {
        run();
        Map<String, String> authority = secret("my-ca-key");
        assertThat(authority.keySet())
                .hasSize(2)
                .allMatch(Pattern.compile("ca-[0-9a-f]{16}\\.(crt|key)").asMatchPredicate());
        assertThat(authority).containsValue(secret("my-tls").get("ca.crt"));
        write("ca.crt", secret("my-tls").getOrDefault("ca.crt", ""));
        write("tls.crt", secret("my-tls").getOrDefault("tls.crt", ""));
        Tool.Result verified = Tool.run(
                new ProcessBuilder(
                        "openssl",
                        "verify",
                        "-CAfile",
                        "ca.crt",
                        "-purpose",
                        "sslserver",
                        "-verify_hostname",
                        "my-primary.here.svc",
                        "tls.crt"),
                state);
        assertThat(verified.status()).as(verified.output()).isZero();
    }

    @Test
    void overwrites_nothing() throws IOException {
        run();
        Map<String, String> before = secrets();
        assertThat(run().output()).contains("passwords are there\n", "certificate is there\n");
        assertThat(secrets()).isEqualTo(before);
    }

    @Test
    void adds_the_password_of_a_new_role() throws IOException {
        run();
        Map<String, String> before = secret("my-secret");
        assertThat(run("SECRET_KEYS", "postgres-password:airflow-password:reports-password")
                        .output())
                .contains("passwords created: reports-password\n");
        assertThat(secret("my-secret")).containsAllEntriesOf(before).containsKey("reports-password");
    }

    @Test
    void gives_the_connection_a_password_that_a_person_chose() throws IOException {
        run();
        write(
                "secrets/my-secret",
                "airflow-password: " + encoded("p@ss w:é%/\\+#'\"$\n") + "\npostgres-password: eA==\n");
        assertThat(run().status()).isZero();
        assertThat(secret("my-airflow"))
                .containsEntry(
                        "connection",
                        "postgresql+psycopg2://airflow:p%40ss%20w%3A%C3%A9%25%2F%5C%2B%23%27%22%24@/airflow?host=a:5432")
                .containsEntry("password", "p@ss w:é%/\\+#'\"$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "a\rreturn", "a\0nul"})
    void refuses_a_password_of_several_lines(String password) throws IOException {
        write("secrets/my-secret", "airflow-password: " + encoded(password) + "\npostgres-password: eA==\n");
        Tool.Result result = run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "secrets/my-secret: airflow-password is empty, or holds a line break or NUL; give it another");
        assertThat(state.resolve("secrets/my-airflow")).doesNotExist();
    }

    @Test
    void refuses_a_certificate_of_which_a_part_is_missing() throws IOException {
        run();
        write("secrets/my-tls", "tls.crt: eA==\n");
        Tool.Result result = run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("secrets/my-tls: has not all of ca.crt, tls.crt and tls.key, and what is");
        assertThat(secret("my-tls")).containsOnlyKeys("tls.crt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET secrets/my-secret 403",
                "PATCH secrets/my-secret 409",
                "POST secrets 403",
                "GET secrets/my-tls 500",
                "POST configmaps 403"
            })
    void says_what_the_kubernetes_api_refuses(String refusal) throws IOException {
        write("refusal", refusal + " \n");
        Tool.Result result = run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .containsPattern("bootstrap.sh: (secrets|configmaps)/my-[a-z-]+: the Kubernetes API says "
                        + refusal.substring(refusal.length() - 3) + ": no right to do that");
        Files.delete(state.resolve("refusal"));
        assertThat(run().status()).isZero();
    }

    @Test
    void says_that_the_kubernetes_api_is_silent() throws IOException {
        write("refusal", "silent");
        assertThat(run().output()).contains("bootstrap.sh: the Kubernetes API does not answer at 10.0.0.1:443");
    }

    @Test
    void verifies_the_kubernetes_api_and_shows_no_secret() throws IOException {
        Tool.Result result = run();
        String arguments = Project.read(state.resolve("arguments"));
        assertThat(arguments)
                .contains("-verify_hostname kubernetes.default.svc -verify_return_error -CAfile ")
                .doesNotContain("a-token");
        assertThat(secret("my-secret").values())
                .allSatisfy(password -> assertThat(arguments + result.output()).doesNotContain(password));
    }

    @Test
    void names_a_variable_that_is_missing() {
        Tool.Result result = run("TLS_NAMES", "");
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains("bootstrap.sh: TLS_NAMES is not set");
    }

    private Tool.Result run(String... changed) {
        ProcessBuilder builder = new ProcessBuilder(
                "bash", state.resolve("programs/bootstrap.sh").toString());
        Map<String, String> environment = builder.environment();
        String path = System.getenv("PATH");
        environment.putAll(Map.of(
                "PATH",
                state.resolve("bin") + ":" + path,
                "REAL_OPENSSL",
                real("openssl", path),
                "STATE",
                state.toString(),
                "POD_DIRECTORY",
                state.resolve("pod").toString(),
                "KUBERNETES_SERVICE_HOST",
                "10.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                "443"));
        environment.putAll(Map.of(
                "NAME",
                "my",
                "SECRET_NAME",
                "my-secret",
                "SECRET_KEYS",
                "postgres-password:airflow-password",
                "TLS_SECRET",
                "my-tls",
                "TLS_NAMES",
                "my-primary.here.svc:localhost",
                "CA_SECRET",
                "my-ca-key",
                "CA_CONFIGMAP",
                "my-ca",
                "AIRFLOW_SECRET",
                "my-airflow"));
        for (int i = 0; i < changed.length; i += 2) {
            environment.put(changed[i], changed[i + 1]);
        }
        return Tool.run(builder, state);
    }

    private static String real(String program, String path) {
        return Stream.of(path.split(":"))
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(program + " is not on PATH"))
                .toString();
    }

    private Map<String, String> secrets() {
        Map<String, String> all = new TreeMap<>();
        Project.filesBelow(state.resolve("secrets"))
                .forEach(file -> all.put(
                        file.toString(), Project.read(state.resolve("secrets").resolve(file))));
        return all;
    }

    private Map<String, String> secret(String name) {
        Map<String, String> values = new TreeMap<>();
        Project.read(state.resolve("secrets/" + name)).lines().forEach(line -> {
            String[] parts = line.split(": ", 2);
            values.put(parts[0], new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        });
        return values;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(state.resolve(path), text);
    }
}
