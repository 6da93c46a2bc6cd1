package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** node would not end where it cannot write into its cache. */
class PackageCacheTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"HOME", "XDG_CACHE_HOME", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"})
    void a_place_that_cannot_be_made_is_named(String variable) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> PackageCache.require(
                        Map.of(variable, file.resolve("below").toString()), "Linux"))
                .isInstanceOf(NodeException.class)
                .hasMessageContainingAll(file.toString(), "let it write to the home folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Mac OS X"})
    void a_home_that_is_empty_will_do(String system) {
        assertThatCode(() -> PackageCache.require(Map.of("HOME", folder.toString()), system))
                .doesNotThrowAnyException();
    }

    @Test
    void without_a_cache_nothing_is_written() {
        assertThatCode(() -> PackageCache.require(
                        Map.of("HOME", "/dev/null/home", "JSII_RUNTIME_PACKAGE_CACHE", "disabled"), "Linux"))
                .doesNotThrowAnyException();
    }
}
