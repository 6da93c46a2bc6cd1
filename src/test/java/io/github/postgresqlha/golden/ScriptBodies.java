package io.github.postgresqlha.golden;

import io.github.postgresqlha.script.Script;
import io.github.postgresqlha.script.Scripts;
import java.util.stream.Collectors;

/**
 * Scripts in manifests: {@code dist/} shows them once, snapshots show where they are the same, and do not change with
 * them.
 */
final class ScriptBodies {

    private ScriptBodies() {}

    /** The document with each script's text replaced by its path in {@code dist/}, and without their checksum. */
    static String replaced(String document) {
        String result =
                document.replaceAll("restart-checksum: [0-9a-f]{64}", "restart-checksum: of-parameters-and-scripts");
        for (Script script : Scripts.all()) {
            result = result.replace(
                    "  " + script.fileName() + ": |\n" + indented(script.content()),
                    "  " + script.fileName() + ": dist/scripts/" + script.path() + "\n");
        }
        return result;
    }

    private static String indented(String text) {
        return text.lines()
                .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
                .collect(Collectors.joining());
    }
}
