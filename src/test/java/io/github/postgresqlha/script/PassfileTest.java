package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in which programs find passwords, in a folder in memory that may be full. */
class PassfileTest {

    @TempDir
    private Path folder;

    @Test
    void of_before_stays_where_there_is_no_room() {
        String said = new ScriptFunctions(folder).run("""
                source "${script_dir}/lib/secrets.sh"
                SECRET_DIRECTORY=${home}/secret; mkdir "${SECRET_DIRECTORY}"
                file="${SECRET_DIRECTORY}/passfile"
                printf 'former' >"${SECRET_DIRECTORY}/pooler-password"
                write_passfile "${file}" a,b 5432 pooler
                printf 'newer' >"${SECRET_DIRECTORY}/pooler-password"
                ln -s /dev/full "${file}.partial"
                if write_passfile "${file}" a,b 5432 pooler 2>/dev/null; then printf 'written\\n'; else printf 'not written\\n'; fi
                cat "${file}"
                rm "${file}.partial"
                write_passfile "${file}" a,b 5432 pooler
                cat "${file}"
                """).output();
        assertThat(said).isEqualTo("""
                not written
                a:5432:*:pooler:former
                b:5432:*:pooler:former
                a:5432:*:pooler:newer
                b:5432:*:pooler:newer
                """);
    }

    @Test
    void of_the_pooler_is_tried_again_where_there_was_no_room() {
        String said = new ScriptFunctions(folder).run("""
                source "${script_dir}/lib/secrets.sh"
                source "${script_dir}/pooler/files.sh"
                log_info() { printf '%s\\n' "$*"; }
                owe_all() { printf 'owes %s\\n' "$1"; }
                SECRET_DIRECTORY=${home}/secret PASSFILE_DIRECTORY=${home}/secret PGPASSFILE=${home}/secret/passfile; mkdir "${SECRET_DIRECTORY}"
                PGHOST=a PGUSER=pooler secret_sum=former
                printf 'newer' >"${SECRET_DIRECTORY}/pooler-password"
                ln -s /dev/full "${SECRET_DIRECTORY}/users.txt.partial"
                if follow_password 2>/dev/null; then printf 'done\\n'; else printf 'not done\\n'; fi
                rm "${SECRET_DIRECTORY}/users.txt.partial"
                if follow_password; then printf 'done\\n'; fi
                cat "${SECRET_DIRECTORY}/users.txt"
                """).output();
        assertThat(said).isEqualTo("""
                not done
                the password of pooler, or one of a client, changed: reloading
                owes RELOAD
                done
                "pooler" "newer"

                """);
    }
}
