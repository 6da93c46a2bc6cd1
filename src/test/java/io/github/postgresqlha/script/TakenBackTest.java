package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person takes a request back at any moment: in the one between a look whether the trigger is there and a look into it as well. */
class TakenBackTest {

    private static final String PENDING = """
            for library in promise promote; do source "${script_dir}/instance/${library}.sh"; done
            intent=promoting promised='' promotion_asked=1 promotion_question='' promotion_sent='' renewing=''
            write_notes() { :; }
            control_timeline() { echo 11; }
            drop_placeholders() { :; }
            trigger=${RUNTIME_DIRECTORY}/promote_trigger
            outcome() { printf '%s asked=%s trigger=%s\\n' "${intent}" "${promotion_asked}" "$(ls -- "${RUNTIME_DIRECTORY}")"; }
            """;

    @TempDir
    Path folder;

    @Test
    void a_trigger_that_has_just_gone_is_no_mistake() {
        assertThat(said("handle_promotion; outcome"))
                .contains("the request for a promotion was taken back")
                .doesNotContain("ignored and removed")
                .endsWith("none asked= trigger=");
    }

    @Test
    void one_that_is_a_mistake_takes_back_what_was_intended() {
        assertThat(said("echo now >\"${trigger}\"; handle_promotion; outcome"))
                .contains("promote_trigger is neither empty nor one of the words force and down: ignored and removed")
                .endsWith("none asked= trigger=");
        assertThat(said("mkdir -- \"${trigger}\"; handle_promotion; outcome"))
                .contains("promote_trigger is not a file: ignored and removed")
                .endsWith("none asked= trigger=");
    }

    private String said(String program) {
        return new ScriptFunctions(folder).run(PENDING + program).output().strip();
    }
}
