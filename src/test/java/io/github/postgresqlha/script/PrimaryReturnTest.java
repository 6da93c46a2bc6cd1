package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for a former primary, and what ends it. PrimaryReturnIT has the servers. */
class PrimaryReturnTest {

    /** A member that was a standby; a second of its clock passes with each pause, and nobody answers. */
    private static final String STANDBY = """
            source "$1/patroni/watch.sh"; source "$1/patroni/return.sh"
            CONFIG_DIRECTORY=${home} now=1000 told_to_begin='' last=standby
            printf 'primary_return_timeout: 60\\n' >"${home}/patroni-dynamic.yml"
            last_role() { echo "${last}"; }
            has_data() { :; }
            every() { return 1; }
            run_watched() { "$@"; }
            pause() { now=$((now + $1)); }
            find_primary() { :; }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', 60",
        "last=primary;, 0",
        "told_to_begin=yes;, 0",
        "'has_data() { return 1; };', 0",
        "'printf \"primary_return_timeout: 0\" >${home}/patroni-dynamic.yml;', 0",
        "'printf \"primary_return_timeout: x\" >${home}/patroni-dynamic.yml;', 0",
        "'echo \"synchronous_mode: true\" >>${home}/patroni-dynamic.yml;', 0",
        "'echo \"synchronous_mode: quorum\" >>${home}/patroni-dynamic.yml;', 0",
        "'echo \"synchronous_mode: false\" >>${home}/patroni-dynamic.yml;', 60",
        "'find_primary() { ((now < 1007)) || echo postgresql-primary-0 >$1; };', 7",
        "'pause() { now=$((now + 1)); ((now < 1009)) || : >${RUNTIME_DIRECTORY}/promote_trigger; };', 9"
    })
    void seconds(String situation, int expected) {
        Tool.Result result = new ScriptFunctions(folder)
                .run(STANDBY + situation + " await_former_primary; echo \"waited $((now - 1000))\"");
        assertThat(result.output()).endsWith("waited " + expected + "\n");
    }

    /** What a person asked for is still there for Patroni. */
    @Test
    void leaves_the_request() {
        ScriptFunctions functions = new ScriptFunctions(folder);
        functions.run(STANDBY + ": >${RUNTIME_DIRECTORY}/promote_trigger; await_former_primary");
        assertThat(functions.list("tmp")).containsExactly("promote_trigger");
    }
}
