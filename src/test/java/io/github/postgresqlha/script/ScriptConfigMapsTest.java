package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptConfigMapsTest {

    /** {@code kubectl apply} keeps the object in an annotation of 256 KiB; each may still double. */
    private static final int LIMIT = 128 * 1024;

    @Test
    void are_small_enough_to_be_applied_whoever_decides_a_failover() throws JsonProcessingException {
        for (Installation installation :
                List.of(Installation.of(Examples.standard()), Installation.of(Examples.automatic()))) {
            for (ConfigMap map : ScriptConfigMaps.all(installation)) {
                assertThat(new ObjectMapper().writeValueAsBytes(map))
                        .as(map.getMetadata().getName() + ", "
                                + installation.spec().failover())
                        .hasSizeLessThan(LIMIT);
            }
        }
    }

    @Test
    void hold_every_script_once() {
        Installation installation = Installation.of(Examples.automatic());
        assertThat(ScriptConfigMaps.all(installation).stream().flatMap(map -> map.getData().keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(Scripts.of(installation.spec()).stream()
                        .map(Script::fileName)
                        .toList());
    }
}
