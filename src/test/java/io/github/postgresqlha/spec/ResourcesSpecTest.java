package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesSpecTest {

    @ParameterizedTest
    @ValueSource(strings = {"1 Gi", "10GB", "abc", ""})
    void an_amount_that_is_none_is_named(String text) {
        assertThatThrownBy(() -> StorageSpec.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no quantity, got '" + text + "'; write it like 500m for processors, 4Gi");
        assertThatThrownBy(() -> ResourceAmountsSpec.of("1", text)).hasMessageContaining("got '" + text + "'");
        assertThatThrownBy(() -> CapacitySpec.of("50Gi", text)).hasMessageContaining("got '" + text + "'");
    }

    @Test
    void processors_and_memory_are_not_swapped() {
        assertThatThrownBy(() ->
                        ResourcesSpec.of(ResourceAmountsSpec.of("2Gi", "50m"), ResourceAmountsSpec.of("4Gi", "100m")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("requests.memory: must be at least 1Mi, got 50m; write it like 512Mi or 4Gi")
                .hasMessageContaining("limits.cpu: must be at most 1024 processors, got 4Gi; write it like 500m or 2");
    }
}
