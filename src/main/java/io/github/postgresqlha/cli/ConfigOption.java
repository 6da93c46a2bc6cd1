package io.github.postgresqlha.cli;

import io.github.postgresqlha.PostgresqlHaSpec;
import io.github.postgresqlha.configuration.ConfigurationFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --config}: which file holds the specification. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = ConfigurationFile.NAME,
            description = "The specification. Default: ${DEFAULT-VALUE} in this folder")
    private Path file = Path.of(ConfigurationFile.NAME);

    PostgresqlHaSpec read() {
        return ConfigurationFile.read(file);
    }

    Path file() {
        return file;
    }
}
