package io.github.postgresqlha.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** {@code --format} of {@code synth}: whether people or programs read the answer, and whether what is written is an overlay. */
final class SynthFormatOption {

    private enum Format {
        TEXT("text"),
        JSON("json"),
        AIRFLOW_OVERLAY("airflow-overlay");

        private final String value;

        Format(String value) {
            this.value = value;
        }

        @Override
        public String toString() {
            return value;
        }
    }

    @Option(
            names = "--format",
            split = ",",
            paramLabel = "text|json|airflow-overlay",
            description =
                    "For people, or for programs. Default: text. airflow-overlay writes an overlay of Airflow's chart"
                            + " for any release and namespace instead of dist; airflow-overlay,json answers programs")
    private List<Format> formats = List.of();

    boolean isJson() {
        return formats.contains(Format.JSON);
    }

    boolean isOverlay() {
        return formats.contains(Format.AIRFLOW_OVERLAY);
    }
}
