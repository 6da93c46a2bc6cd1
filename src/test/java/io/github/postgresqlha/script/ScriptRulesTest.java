package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules of the tree that shellcheck does not know; each of them has cost data once. */
class ScriptRulesTest {

    private static final Pattern FUNCTION = Pattern.compile("(?m)^([a-z_0-9]+)\\(\\)");

    /** A program begins in main; the two supervisors have these steps in common, which instance/common.sh and postmaster.sh call. */
    private static final Set<String> STEPS = Set.of("main", "read_environment", "supervise", "stop_server");

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

    /** Where the target is a folder that is there, a plain mv moves into it. */
    @Test
    void mv_never_moves_into_a_folder() {
        assertThat(lines("(^|[;&|({ ])mv +-", ".*mv -[a-z]*T.*|.*#.*mv .*")).isEmpty();
    }

    /** A handler runs only when the command that is running has ended: long ones run beside, or end the script. */
    @Test
    void no_handler_of_term_waits_for_a_long_command() {
        assertThat(lines("trap .*TERM", ".*trap '(exit 1|stopping=yes|stop_signal=[A-Z]+|[a-z_]+=[a-z]+)' .*"))
                .isEmpty();
    }

    /** As text 10 comes before 9. Names of one width, as dates and segments, sort as text and say so. */
    @Test
    void numbers_are_not_sorted_as_text() {
        assertThat(lines("[|] *(LC_ALL=C )?sort\\b", ".*sort -[a-zA-Z]*[nVursk].*|.*# sorts as text.*")).isEmpty();
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
