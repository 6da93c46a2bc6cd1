package io.github.postgresqlha.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.postgresqlha.testing.Project;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package uses which: none that the table of {@code ARCHITECTURE.md} does not name. */
class EdgesTest {

    private static final String BASE = "io.github.postgresqlha";
    private static final String ROOT = "(root)";
    private static final String EVERYWHERE = "annotation";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z]+`|\\(root\\)) \\| .* \\| (.*) \\|$");
    private static final Pattern NAME = Pattern.compile("[a-z]+|\\(root\\)");

    @Test
    void are_in_the_table() {
        Map<String, Set<String>> table = table();
        Map<String, Set<String>> edges = edges();
        assertThat(table.keySet()).isEqualTo(edges.keySet());
        edges.forEach((name, used) -> assertThat(table.get(name)).as(name).containsAll(used));
    }

    private static Map<String, Set<String>> table() {
        return ROW.matcher(Project.read(Project.file("ARCHITECTURE.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1).replace("`", ""),
                        row -> names(row.group(2)),
                        (first, second) -> first,
                        TreeMap::new));
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell.equals("nothing") ? "" : cell)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> edges() {
        Map<String, Set<String>> edges = new TreeMap<>();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(BASE)
                .forEach(type -> {
                    Set<String> used = edges.computeIfAbsent(name(type), name -> new TreeSet<>());
                    type.getDirectDependenciesFromSelf().stream()
                            .map(Dependency::getTargetClass)
                            .filter(target -> target.getPackageName().startsWith(BASE))
                            .map(EdgesTest::name)
                            .filter(target -> !target.equals(name(type)) && !target.equals(EVERYWHERE))
                            .forEach(used::add);
                });
        return edges;
    }

    private static String name(JavaClass type) {
        return type.getPackageName().equals(BASE) ? ROOT : type.getPackageName().substring(BASE.length() + 1);
    }
}
