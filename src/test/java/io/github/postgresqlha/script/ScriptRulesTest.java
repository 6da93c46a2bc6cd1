package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.spec.ProductVariables;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules of the tree that shellcheck does not know; each of them has cost data once. */
class ScriptRulesTest {

    /** In bash, Perl and Python; one that is only set counts as well. */
    private static final Pattern VARIABLE = Pattern.compile(
            "(?:\\$ENV\\{|\\$\\{?[!#]?|environ(?:ment)?\\[['\"])([A-Z][A-Z0-9_]+)\\b|\\b([A-Z][A-Z0-9_]+)[+]?=");

    private static final Pattern FUNCTION = Pattern.compile("(?m)^([a-z_0-9]+)\\(\\)");

    /**
     * A program begins in main; the two supervisors have these steps in common, which instance/common.sh and postmaster.sh call. A copy that
     * is proved and a server that is imported into are never in one process.
     */
    private static final Set<String> STEPS =
            Set.of("main", "read_environment", "supervise", "start_server", "stop_server");

    /** The order of {@code source} would decide which one runs. */
    @Test
    void no_function_is_defined_twice() {
        Map<String, Set<String>> places = new TreeMap<>();
        Scripts.all().forEach(script -> {
            Matcher function = FUNCTION.matcher(script.content());
            while (function.find()) {
                places.computeIfAbsent(function.group(1), name -> new TreeSet<>())
                        .add(script.path());
            }
        });
        places.keySet().removeAll(STEPS);
        places.values().removeIf(paths -> paths.size() == 1);
        assertThat(places).isEmpty();
    }

    /** Where the target is a folder that is there, a plain mv moves into it. The copy outside runs in BusyBox, and moves files only. */
    @Test
    void mv_never_moves_into_a_folder() {
        assertThat(lines("(^|[;&|({ ])mv +-", ".*mv -[a-z]*T.*")).allMatch(line -> line.startsWith("offsite"));
    }

    /** As text 10 comes before 9. Where names of one width, or names that are only compared, are sorted, it is listed here. */
    @Test
    void numbers_are_not_sorted_as_text() {
        assertThat(lines("[|] *(LC_ALL=C )?sort\\b", ".*sort -[a-zA-Z]*[nVursk].*").stream()
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .distinct())
                .containsExactlyInAnyOrder(
                        "backup/dump.sh",
                        "backup/retention.sh",
                        "import/copy.sh",
                        "offsite.sh",
                        "offsite/copy.sh",
                        "offsite/take.sh",
                        "proof/base.sh",
                        "proof/scratch.sh",
                        "restore/dump.sh");
    }

    /** Whoever adds a variable of such a name to the product's containers would change what they do. */
    @Test
    void the_specification_refuses_every_variable_that_a_script_reads() throws IOException {
        Set<String> read = new TreeSet<>();
        Scripts.all()
                .forEach(script -> VARIABLE.matcher(script.content())
                        .results()
                        .map(match -> Optional.ofNullable(match.group(1)).orElseGet(() -> match.group(2)))
                        .forEach(read::add));
        assertThat(Files.readAllLines(
                        Project.file("src/main/resources/io/github/postgresqlha/spec/" + ProductVariables.FILE)))
                .containsExactlyElementsOf(read);
    }

    private static List<String> lines(String pattern, String allowed) {
        Pattern wanted = Pattern.compile(pattern);
        List<String> found = new ArrayList<>();
        Scripts.all().stream()
                .filter(script -> script.path().endsWith(".sh") || script.path().startsWith("bin/"))
                .forEach(script -> script.content()
                        .lines()
                        .filter(line -> wanted.matcher(line).find() && !line.matches(allowed))
                        .forEach(line -> found.add(script.path() + ": " + line.strip())));
        return found;
    }
}
