package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FromBackupSpecTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"latest", "2026-01-31T23:59:00Z", "2026-01-31T23:59:00.123456+01:00", "0/3000028", "16/B374D848"
            })
    void takes_all_a_time_or_a_place(String target) {
        assertThat(FromBackupSpec.builder().target(target).build().target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "newest", "2026-01-31", "16/B374D8480", "8B374D848/0", "16/b374d848", "0/1;x"})
    void refuses_anything_else(String target) {
        assertThatThrownBy(() -> FromBackupSpec.builder().target(target).build())
                .hasMessageContaining(
                        "must be latest, a time with its zone or a place in the log, got '" + target + "'");
    }
}
