package io.github.postgresqlha.script;

import io.github.postgresqlha.testing.Project;
import java.util.List;
import java.util.regex.Pattern;

/** Commands of {@code dist/runbooks/restore.md}, as they are written there. */
final class Documented {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```$");

    private Documented() {}

    /** The one block that begins so. */
    static String block(String beginning) {
        List<String> blocks = BLOCK.matcher(Project.read(Project.file("dist/runbooks/restore.md")))
                .results()
                .map(match -> match.group(1))
                .filter(block -> block.startsWith(beginning))
                .toList();
        if (blocks.size() != 1) {
            throw new IllegalStateException(blocks.size() + " blocks begin with " + beginning);
        }
        return blocks.get(0);
    }
}
