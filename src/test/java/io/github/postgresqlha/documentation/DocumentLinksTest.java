package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A link in a document leads to a file that is there, and to a heading that it has; every page has one title, for the site's list of pages. */
class DocumentLinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");

    static Stream<Path> documents() {
        Path root = Project.root();
        return Stream.concat(
                        Stream.of("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
                        Stream.of("docs", "dist", "examples")
                                .flatMap(folder -> Project.filesBelow(root.resolve(folder)).stream()
                                        .map(Path::toString)
                                        .filter(file -> file.endsWith(".md"))
                                        .map(file -> folder + "/" + file)))
                .map(root::resolve);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void lead_to_what_is_there(Path document) {
        assertThat(links(document)).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
            assertThat(Files.exists(target)).as(link).isTrue();
            if (parts.length == 2) {
                assertThat(anchors(target)).as(link).contains(parts[1]);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("documents")
    void have_one_title(Path document) {
        assertThat(prose(document).lines().filter(line -> line.startsWith("# ")))
                .hasSize(1);
    }

    private static List<String> links(Path document) {
        return LINK.matcher(prose(document))
                .results()
                .map((MatchResult match) -> match.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    private static List<String> anchors(Path document) {
        return prose(document)
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String prose(Path document) {
        return FENCE.matcher(Project.read(document)).replaceAll("");
    }
}
