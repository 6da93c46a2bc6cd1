package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pinned Patroni with the configuration of a specification: what its REST API lets whom do. */
class PatroniIT {

    private static LocalPostgres local;
    private static LocalKubernetes kubernetes;
    private static LocalPatroni patroni;

    @BeforeAll
    static void start() throws Exception {
        local = LocalPostgres.create();
        kubernetes = new LocalKubernetes();
        patroni = new LocalPatroni(local, kubernetes, 1);
        assertThat(patroni.bash("initdb -U postgres -A trust --no-sync").status())
                .isZero();
        patroni.start();
        for (int i = 0;
                i < 120 && !kubernetes.annotation("pods/member1", "status").contains("primary");
                i++) {
            Thread.sleep(1000);
        }
        assertThat(kubernetes.annotation("pods/member1", "status"))
                .as(patroni.log())
                .contains("\"role\":\"primary\"");
    }

    @AfterAll
    static void stop() {
        patroni.stop();
        kubernetes.close();
        local.delete();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATCH /config",
                "PUT /config",
                "POST /reload",
                "POST /failsafe",
                "POST /sigterm",
                "POST /restart",
                "DELETE /restart",
                "DELETE /switchover",
                "POST /reinitialize",
                "POST /failover",
                "POST /switchover",
                "POST /citus"
            })
    void nothing_that_changes_anything_is_open_without_the_key(String request) {
        assertThat(ask(patroni.address(), request, "")).isEqualTo("401");
        assertThat(ask(patroni.address(), request, "wrong")).isEqualTo("401");
    }

    /** Patroni asks nobody there. It passes the request on to Citus alone, which is not configured. */
    @Test
    void what_is_open_to_everybody_does_nothing() {
        assertThat(ask("127.0.0.1", "POST /mpp", "")).isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH /config", "POST /restart", "POST /reinitialize", "POST /failover"})
    void with_the_key_it_is_open_to_members_alone(String request) {
        assertThat(ask("127.0.0.1", request, LocalPatroni.KEY)).isEqualTo("403");
        assertThat(ask(patroni.address(), "PATCH /config", LocalPatroni.KEY)).isEqualTo("200");
    }

    /** A primary lives on it while the Kubernetes API is away. A member that has just come may be known to nobody. */
    @Test
    void the_question_of_failsafe_mode_needs_the_key_alone() {
        assertThat(ask("127.0.0.1", "POST /failsafe", LocalPatroni.KEY)).isEqualTo("500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /patroni", "GET /cluster", "GET /liveness", "GET /readiness"})
    void everybody_may_look(String request) {
        assertThat(ask("127.0.0.1", request, "")).isEqualTo("200");
    }

    /** The patterns of patroni/watch.sh are of these very words. */
    @Test
    void the_supervisor_understands_it() throws IOException {
        String driver = "cd \"$1\"; source patroni/api.sh; source patroni/watch.sh; PATRONI_PORT=8008; ask_patroni "
                + patroni.address() + " " + patroni.address();
        Tool.Result result = Tool.run(local.process(
                Map.of(),
                "bash",
                "-Eeuo",
                "pipefail",
                "-c",
                driver,
                "driver",
                local.scripts().toString()));
        assertThat(result.output().strip()).matches("running/primary/[1-9][0-9]{9}/false/2/false/false");
    }

    @Test
    void it_is_the_pinned_version() {
        assertThat(patroni.patronictl("version").output()).contains("patronictl version 4.1.5");
    }

    /** The status of an answer to a request that comes from this address. */
    private static String ask(String from, String request, String key) {
        List<String> words = List.of(request.split(" "));
        String script = """
                import http.client, sys, base64
                connection = http.client.HTTPConnection(sys.argv[1], 8008, source_address=(sys.argv[2], 0), timeout=20)
                headers = {"Content-Type": "application/json"}
                if sys.argv[5]:
                    headers["Authorization"] = "Basic " + base64.b64encode(b"patroni:" + sys.argv[5].encode()).decode()
                body = '{"ttl": 20}' if "config" in sys.argv[4] else '{"name": "x", "conn_url": "x", "api_url": "x", "slots": {}}'
                connection.request(sys.argv[3], sys.argv[4], body, headers)
                print(connection.getresponse().status)
                """;
        return Tool.run(local.process(
                        Map.of(),
                        LocalPatroni.PYTHON,
                        "-c",
                        script,
                        patroni.address(),
                        from,
                        words.get(0),
                        words.get(1),
                        key))
                .output()
                .strip();
    }
}
