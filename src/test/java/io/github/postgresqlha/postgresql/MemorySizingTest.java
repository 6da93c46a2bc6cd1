package io.github.postgresqlha.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemorySizingTest {

    /** Three sorts in each session fit into what the cache leaves, unless work_mem would fall below 4MB. */
    @ParameterizedTest
    @CsvSource({
        "1024, 200, 256MB, 768MB, 4MB",
        "2048, 200, 512MB, 1536MB, 4MB",
        "8192, 200, 2GB, 6GB, 10MB",
        "8192, 1000, 2GB, 6GB, 4MB",
        "65536, 400, 16GB, 48GB, 40MB",
        "32, 33, 16MB, 24MB, 4MB"
    })
    void are_shares_of_the_memory(long megabytes, int connections, String buffers, String cache, String work) {
        MemorySizing sizing = MemorySizing.ofMemory(megabytes << 20, connections);
        assertThat(sizing.sharedBuffers().value()).isEqualTo(buffers);
        assertThat(sizing.effectiveCacheSize().value()).isEqualTo(cache);
        assertThat(sizing.workMem().value()).isEqualTo(work);
    }

    @Test
    void say_how_they_came_about() {
        MemorySizing sizing = MemorySizing.ofMemory(8L << 30, 200);
        assertThat(sizing.sharedBuffers().reason())
                .isEqualTo("a quarter of the 8192MB that the smaller member requests");
        assertThat(sizing.workMem().reason())
                .isEqualTo("what shared_buffers leaves of them / (3 x 200 connections), at least 4MB");
    }
}
