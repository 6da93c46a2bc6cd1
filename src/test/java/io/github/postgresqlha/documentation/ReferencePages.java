package io.github.postgresqlha.documentation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.github.postgresqlha.configuration.ExplainedKey;
import io.github.postgresqlha.configuration.KeyCatalogue;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Part;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The pages of {@code docs/reference/} that are made from the code. */
final class ReferencePages {

    private static final Path DIST = Project.file("dist");
    private static final String MADE = "Generated from the code: `ReferencePagesTest` holds it to that.\n\n";

    private ReferencePages() {}

    static Map<String, String> all() {
        return new TreeMap<>(Map.of("keys.md", keys(), "objects.md", objects(), "scripts.md", scripts()));
    }

    private static String keys() {
        StringBuilder page = new StringBuilder(
                "# Keys of the specification\n\n" + MADE
                        + "Every key is optional unless it says otherwise. `./pgha explain KEY` says the same in a terminal.\n");
        String section = "";
        for (ExplainedKey key : KeyCatalogue.all()) {
            String top = key.path().replaceAll("[.\\[].*", "");
            if (!top.equals(section)) {
                section = top;
                page.append("\n## ")
                        .append(top)
                        .append(
                                "\n\n| key | type | default | meaning | a change restarts |\n| --- | --- | --- | --- | --- |\n");
            }
            page.append(row(
                    code(key.path()),
                    key.type(),
                    key.isRequired()
                            ? "required"
                            : key.initial().map(ReferencePages::code).orElse("-"),
                    key.meaning() + key.range().map(range -> "; " + range).orElse(""),
                    key.isSection() ? "" : key.restarts()));
        }
        return page.toString();
    }

    private static String objects() {
        StringBuilder page = new StringBuilder("# Objects and ports\n\n" + MADE
                + "Those of the default specification. Each has the label `app.kubernetes.io/instance: NAME`.\n");
        Installation installation = Installation.of(Examples.standard());
        for (Part part : Plan.parts(installation)) {
            page.append("\n## ")
                    .append(installation.names().name())
                    .append('-')
                    .append(part.name().name().toLowerCase(Locale.ROOT))
                    .append(".yaml")
                    .append("\n\n| kind | name | port |\n| --- | --- | --- |\n");
            for (HasMetadata object : part.objects()) {
                page.append(row(object.getKind(), code(object.getMetadata().getName()), ports(object)));
            }
        }
        return page.toString();
    }

    private static String ports(HasMetadata object) {
        return object instanceof Service service
                ? service.getSpec().getPorts().stream()
                        .map(port -> port.getName() + " " + port.getPort())
                        .collect(Collectors.joining(", "))
                : "";
    }

    private static String scripts() {
        StringBuilder page = new StringBuilder("# Programs\n\n" + MADE + "Each prints this with `--help`.\n");
        program(page, "## In the folder, for kubectl's side\n", "");
        program(page, "## In the members and jobs, under `/scripts`\n", "scripts/");
        return page.toString();
    }

    private static void program(StringBuilder page, String title, String folder) {
        page.append('\n').append(title);
        List<String> files = Project.filesBelow(DIST.resolve(folder)).stream()
                .map(Path::toString)
                .filter(file -> file.matches("[a-z-]+\\.sh"))
                .sorted(Comparator.naturalOrder())
                .toList();
        for (String file : files) {
            String head = Project.read(DIST.resolve(folder).resolve(file))
                    .lines()
                    .skip(1)
                    .takeWhile(line -> line.startsWith("#"))
                    .filter(line -> !line.startsWith("# shellcheck"))
                    .map(line -> line.replaceFirst("^# ?", ""))
                    .collect(Collectors.joining("\n"));
            page.append("\n### ")
                    .append(file)
                    .append("\n\n```text\n")
                    .append(head)
                    .append("\n```\n");
        }
    }

    private static String code(String text) {
        return "`" + text.replace("`", "'") + "`";
    }

    private static String row(String... cells) {
        return "| "
                + List.of(cells).stream()
                        .map(cell -> cell.replace("|", "\\|").replace('\n', ' ').strip())
                        .collect(Collectors.joining(" | "))
                + " |\n";
    }
}
