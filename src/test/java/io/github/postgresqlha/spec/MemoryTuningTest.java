package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.postgresql.MemorySize;
import org.junit.jupiter.api.Test;

class MemoryTuningTest {

    @Test
    void follows_the_smaller_member() {
        assertThat(buffers(spec("8Gi", "4Gi", true, Tuning.FROM_MEMORY))).isEqualTo("1GB");
        assertThat(buffers(spec("4Gi", "8Gi", true, Tuning.FROM_MEMORY))).isEqualTo("1GB");
        assertThat(buffers(spec("8Gi", "4Gi", false, Tuning.FROM_MEMORY))).isEqualTo("2GB");
        assertThat(buffers(spec("8Gi", "4Gi", true, Tuning.SEED))).isEqualTo("256MB");
    }

    @Test
    void gives_way_to_what_is_given() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .configuration(ConfigurationSpec.builder()
                        .tuning(Tuning.FROM_MEMORY)
                        .sharedBuffers(MemorySize.of("300MB"))
                        .build())
                .build();
        assertThat(buffers(spec)).isEqualTo("300MB");
    }

    private static String buffers(PostgresqlHaSpec spec) {
        return MemoryTuning.sharedBuffers(spec).text();
    }

    private static PostgresqlHaSpec spec(String primary, String standby, boolean hasStandby, Tuning tuning) {
        return PostgresqlHaSpec.builder()
                .configuration(ConfigurationSpec.builder().tuning(tuning).build())
                .primary(
                        PrimaryDatabaseSpec.builder().resources(memory(primary)).build())
                .standby(StandbyDatabaseSpec.builder()
                        .enabled(hasStandby)
                        .resources(memory(standby))
                        .build())
                .build();
    }

    private static ResourcesSpec memory(String amount) {
        return ResourcesSpec.builder()
                .requests(ResourceAmountsSpec.of("1", amount))
                .limits(ResourceAmountsSpec.of("1", amount))
                .build();
    }
}
