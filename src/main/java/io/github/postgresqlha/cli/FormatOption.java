package io.github.postgresqlha.cli;

import picocli.CommandLine.Option;

/** {@code --format}: whether people or programs read the answer. */
final class FormatOption {

    private enum Format {
        TEXT,
        JSON
    }

    @Option(names = "--format", paramLabel = "text|json", description = "For people, or for programs. Default: text")
    private Format format = Format.TEXT;

    boolean isJson() {
        return format == Format.JSON;
    }
}
