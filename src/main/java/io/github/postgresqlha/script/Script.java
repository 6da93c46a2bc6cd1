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
    private static final Pattern USED = Pattern.compile("\\$\\{script_dir}/([a-z0-9/-]+\\.[a-z]+)");

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

    /** The file's name without its folder: the key of a ConfigMap, which knows no folders. */
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The folder below {@code /scripts}; empty for the programs that people name, which stand at the top. */
    public String folder() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** Where a container finds it. */
    public String mountPath() {
        return FOLDER + path;
    }

    /** The libraries that it sources itself. */
    public List<String> sourced() {
        return paths(SOURCED);
    }

    /** The files that it sources, runs or reads itself. */
    public List<String> used() {
        return paths(USED);
    }

    private List<String> paths(Pattern pattern) {
        return pattern.matcher(content)
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
    }
}
