package io.github.postgresqlha.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One script.
 *
 * @param path below the folder {@code /scripts}
 * @param content every byte of it: UTF-8, as the tests make sure
 */
public record Script(String path, String content) {

    private static final String FOLDER = "/scripts/";
    private static final Pattern SOURCED =
            Pattern.compile("^ *(?:source|\\.) \"\\$\\{script_dir}/([a-z0-9./-]+)\"", Pattern.MULTILINE);

    static Script load(String path) {
        try (InputStream resource = Script.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "the catalogue names a script that is not among the resources: " + path);
            }
            return new Script(path, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read script " + path, e);
        }
    }

    /** The file's name without folders: the key of a ConfigMap. */
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether it stands before a program of the image on PATH. */
    public boolean isShim() {
        return path.startsWith("bin/");
    }

    /** Whether others source it. */
    public boolean isLibrary() {
        return path.startsWith("lib-");
    }

    /** Where a container finds it. */
    public String mountPath() {
        return FOLDER + path;
    }

    /** The libraries that it sources itself. */
    public List<String> sourced() {
        return SOURCED.matcher(content)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
