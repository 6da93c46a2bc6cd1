package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member asks the Kubernetes API itself, of a server with the certificate of the service account's authority. */
class ClusterApiTest {

    private static final Path PROGRAM =
            Project.file("src/main/resources/io/github/postgresqlha/script/patroni/ask-api.py");

    /** With its service account in another folder. */
    private static final String RUN = """
            import runpy, sys; sys.dont_write_bytecode = True
            program = runpy.run_path(sys.argv[1])
            program["ask"].__globals__["ACCOUNT"] = sys.argv[2] + "/"
            sys.exit(program["main"](sys.argv[3:]))
            """;

    @TempDir
    private Path account;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private int status = 200;
    private String body = "{}";

    ClusterApiTest() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        Files.writeString(account.resolve("token"), "the-token\n");
        certify(account.resolve("ca.crt"));
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void certify(Path certificate) {
        Tool.Result made = Tool.run(new ProcessBuilder("bash", "-c", """
                        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out "$0" -days 2 \
                          -subj /CN=api -addext subjectAltName=IP:127.0.0.1
                        openssl pkcs12 -export -in "$0" -inkey tls.key -out tls.p12 -passout pass:here
                        """, certificate.toString()), account);
        assertThat(made.status()).as(made.output()).isZero();
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(account.resolve("tls.p12"))) {
            keys.load(stored, "here".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "here".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void answer(int newStatus, String newBody) {
        status = newStatus;
        body = newBody;
    }

    private Tool.Result run(String... arguments) {
        return Tool.run(program(arguments));
    }

    private ProcessBuilder program(String... arguments) {
        ProcessBuilder program = new ProcessBuilder("python3", "-c", RUN, PROGRAM.toString(), account.toString());
        program.command().addAll(List.of(arguments));
        program.environment().put("POD_NAMESPACE", "here");
        program.environment().put("ROLE_LABEL", "postgresql-role");
        program.environment().put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        program.environment()
                .put(
                        "KUBERNETES_SERVICE_PORT",
                        String.valueOf(server.getAddress().getPort()));
        return program;
    }

    @Test
    void knows_the_database_that_patroni_serves() {
        answer(200, """
                {"kind": "ConfigMap", "metadata": {"annotations": {"config": "{\\"initialize\\":\\"1\\"}", "initialize": "7551"}}}
                """);
        assertThat(run("system", "scope")).isEqualTo(new Tool.Result(0, "7551"));
        assertThat(requests).containsExactly("GET /api/v1/namespaces/here/configmaps/scope-config Bearer the-token ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | {\"kind\": \"Status\", \"reason\": \"NotFound\"}",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": {}}",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": {\"annotations\": null}}",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": {\"annotations\": {\"config\": \"{}\"}}}",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": {\"annotations\": {\"initialize\": \"\"}}}"
            })
    void knows_none_before_there_is_one(int without, String state) {
        answer(without, state);
        assertThat(run("system", "scope")).isEqualTo(new Tool.Result(0, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "403 | {\"kind\": \"Status\"} | status 403",
                "404 | {} | status 404",
                "404 | <html>default backend</html> | Expecting value",
                "302 | {\"kind\": \"ConfigMap\"} | status 302",
                "200 | {} | no ConfigMap",
                "200 | {\"kind\": \"ConfigMapList\"} | no ConfigMap",
                "500 | {} | status 500",
                "200 | no JSON | Expecting value",
                "200 | [] | not an object",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": [1]} | not an object",
                "200 | {\"kind\": \"ConfigMap\", \"metadata\": {\"annotations\": {\"initialize\": \"7551 or so\"}}} | not a system identifier"
            })
    void takes_no_other_answer_for_no_database(int refused, String state, String reason) {
        answer(refused, state);
        Tool.Result result = run("system", "scope");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines())
                .singleElement()
                .asString()
                .contains("patroni/ask-api.py system scope: ", reason);
        assertThat(result.output()).doesNotContain("the-token");
    }

    @Test
    void tells_its_token_to_nobody_else() {
        certify(account.resolve("ca.crt"));
        Tool.Result result = run("system", "scope");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("CERTIFICATE_VERIFY_FAILED");
        assertThat(requests).isEmpty();
    }

    /** extraEnv gives a proxy to every pod; the API is not asked by way of it. */
    @Test
    void asks_no_proxy() {
        answer(200, "{\"kind\": \"ConfigMap\", \"metadata\": {\"annotations\": {\"initialize\": \"7551\"}}}");
        ProcessBuilder program = program("system", "scope");
        program.environment().put("HTTPS_PROXY", "http://127.0.0.1:1");
        program.environment().put("https_proxy", "http://127.0.0.1:1");
        assertThat(Tool.run(program)).isEqualTo(new Tool.Result(0, "7551"));
    }

    @Test
    void a_token_that_is_none_is_not_shown() throws IOException {
        Files.writeString(account.resolve("token"), "secret-a\nsecret-b\n");
        Tool.Result result = run("system", "scope");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("the token of the service account is none")
                .doesNotContain("secret");
    }

    @Test
    void takes_the_label_of_a_lost_member() {
        answer(200, "{\"kind\": \"Pod\"}");
        assertThat(run("hide", "postgresql-standby-0")).isEqualTo(new Tool.Result(0, ""));
        assertThat(requests)
                .containsExactly("PATCH /api/v1/namespaces/here/pods/postgresql-standby-0 Bearer the-token "
                        + "{\"metadata\": {\"labels\": {\"postgresql-role\": null}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hide", "system", "system scope more", "drop scope"})
    void says_how_it_is_called(String arguments) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isEqualTo(new Tool.Result(64, "usage: patroni/ask-api.py hide POD|system SCOPE\n"));
    }

    @Test
    void says_which_part_of_its_environment_is_missing() {
        assertThat(Tool.run(new ProcessBuilder("env", "-i", "PATH=/usr/bin:/bin", PROGRAM.toString(), "hide", "pod")))
                .isEqualTo(new Tool.Result(64, "patroni/ask-api.py: ROLE_LABEL is not set\n"));
    }
}
