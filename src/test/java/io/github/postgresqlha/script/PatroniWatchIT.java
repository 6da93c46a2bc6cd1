package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the supervisor makes of the answers of Patroni's REST API, as Patroni 4 gives them (PatroniIT asks a real one). Here its lock lasts 10 seconds. */
class PatroniWatchIT {

    private static final String ANSWER =
            "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-24 16:00:00.000000+00:00\", \"role\": \"primary\", "
                    + "\"server_version\": 170010, \"xlog\": {\"location\": 50331648}, \"timeline\": 1, %s\"dcs_last_seen\": %s, "
                    + "\"database_system_identifier\": \"7500000000000000000\", \"patroni\": {\"version\": \"4.1.5\", \"name\": \"a\"}}";

    private static final String DRIVER = """
            cd "$1"
            for library in lib/log lib/clock lib/facts patroni/api patroni/watch; do source "${library}.sh"; done
            CONFIG_DIRECTORY=$2 RUNTIME_DIRECTORY=$2 PATRONI_PORT=$3
            role=starting patroni_name=a patroni_pid=1 patroni_answered=${now} dcs_seen=0 dcs_moved=${now} excused='' probe_pid='' probe_began=0 last_answer='' unlocked_since=${now} patroni_timeline=0 lock_seconds=20
            note_role() { :; }
            set_role() { role=$1; }
            stop_leftover_postgres() { printf 'stopped by %s\\n' "$1"; }
            deliver() { printf '%s\\n' "$2" >"$1.new" && mv -f -- "$1.new" "$1"; }
            end=$((now + $4))
            while ((now < end)); do
              watch_patroni
              fence_without_patroni
              sleep 0.2
              look_at_clock
            done
            printf 'went on as %s, timeline %s\\n' "${role}" "${patroni_timeline}"
            """;

    @TempDir
    private Path folder;

    @Test
    void a_loop_that_hangs_is_fenced_although_its_api_answers() {
        Tool.Result result = watch(10, number -> ANSWER.formatted("", "1795537892"));
        assertThat(result.status()).as(result.output()).isEqualTo(76);
        assertThat(result.output()).contains("FENCED", "stopped by QUIT");
    }

    /** As while its volume is mounted anew; the lock lasts as long as it did. */
    @Test
    void a_primary_that_is_well_is_not_fenced_for_a_setting_that_cannot_be_read() {
        Tool.Result result = watch(9, number -> {
            if (number == 1) {
                folder.resolve("patroni-dynamic.yml").toFile().delete();
            }
            return ANSWER.formatted("", String.valueOf(1_795_537_892L + number / 7));
        });
        assertThat(result.output()).contains("went on as primary, timeline 1").doesNotContain("FENCED");
    }

    @Test
    void a_loop_that_lives_is_left_alone_whatever_the_clock_says() {
        Tool.Result result = watch(10, number -> ANSWER.formatted("", 1_795_537_892L - 1000 * number));
        assertThat(result.output()).contains("went on as primary, timeline 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"pause\": true, ", "\"failsafe_mode_is_active\": true, "})
    void an_old_lock_is_kept_where_nobody_may_take_it(String excuse) {
        Tool.Result result = watch(10, number -> ANSWER.formatted(excuse, "1795537892"));
        assertThat(result.output()).contains("went on as primary");
    }

    /** Its API is there a moment after it was started, and clients wait for who is primary. */
    @Test
    void a_question_that_failed_is_asked_again_at_once() {
        Tool.Result result = watch(
                3, number -> number < 3 ? "starting up" : ANSWER.formatted("", String.valueOf(1795537892 + number)));
        assertThat(result.output()).contains("went on as primary, timeline 1");
    }

    @Test
    void what_is_no_number_and_no_word_is_not_used() {
        String touch = "a[$(touch " + folder.resolve("ran") + ")]";
        String hostile = ANSWER.formatted("", touch)
                .replace("\"timeline\": 1", "\"timeline\": " + touch)
                .replace("running", "run/" + touch);
        Tool.Result result =
                watch(4, number -> number % 2 == 1 ? hostile : ANSWER.formatted("", "99999999999999999999"));
        assertThat(result.output()).contains("went on as primary, timeline 1");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    /** The answers are numbered. */
    private Tool.Result watch(int seconds, LongFunction<String> answers) {
        try {
            Files.writeString(folder.resolve("patroni-dynamic.yml"), "loop_wait: 2\nttl: 10\n");
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            long[] asked = {0};
            server.createContext("/patroni", exchange -> {
                byte[] body = answers.apply(asked[0]++).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            try {
                return Tool.run(new ProcessBuilder(
                        "bash",
                        "-Eeuo",
                        "pipefail",
                        "-c",
                        DRIVER,
                        "driver",
                        Project.file("src/main/resources/io/github/postgresqlha/script")
                                .toString(),
                        folder.toString(),
                        String.valueOf(server.getAddress().getPort()),
                        String.valueOf(seconds)));
            } finally {
                server.stop(0);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
