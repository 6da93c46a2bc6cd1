package io.github.postgresqlha.overlay;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.github.postgresqlha.kubernetes.Generated;
import io.github.postgresqlha.plan.Part;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code STATUS.yaml}: what the chart's runner waits for after it has applied the overlay. It calls all by what follows the release's name. */
final class Status {

    private Status() {}

    static String of(String prefix, List<Part> parts) {
        List<HasMetadata> objects =
                parts.stream().flatMap(part -> part.objects().stream()).toList();
        // The Job first: all others wait for what it makes.
        return Generated.HEADER
                + """
                ---
                status: not-tested
                reason: >-
                  Its own project applies it to a cluster and walks what follows; the chart's runner has not done so yet.
                  The images have to be on ALLOWED_OVERLAY_IMAGES of that runner.
                verify:
                  timeout_seconds: 600
                  resources:
                """
                + Stream.of("Job", "StatefulSet", "Deployment")
                        .flatMap(kind -> objects.stream()
                                .filter(object -> object.getKind().equals(kind))
                                .map(object -> line(
                                        kind,
                                        object.getMetadata().getName().substring(prefix.length()),
                                        kind.equals("Job") ? "complete" : "ready")))
                        .collect(Collectors.joining());
    }

    private static String line(String kind, String name, String condition) {
        return "    - kind: " + kind + "\n      name: " + name + "\n      " + condition + ": true\n";
    }
}
