package io.github.postgresqlha.cli;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.io.InputStream;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --config}: which file holds the specification. */
final class ConfigOption {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = ConfigurationFile.NAME,
            description = "The specification, or - for standard input. Default: ${DEFAULT-VALUE} in this folder")
    private Path file = Path.of(ConfigurationFile.NAME);

    private final InputStream input;

    ConfigOption(InputStream input) {
        this.input = input;
    }

    PostgresqlHaSpec read() {
        PostgresqlHaSpec spec = isInput() ? ConfigurationFile.read(input) : ConfigurationFile.read(file);
        Synthesis.check(spec);
        return spec;
    }

    /** What messages call it. */
    String name() {
        return isInput() ? "standard input" : file.toString().replace('\\', '/');
    }

    private boolean isInput() {
        return file.toString().equals("-");
    }
}
