package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which variables of the environment change what the product's programs do: a limit of time that is longer than another member's makes
 * two primaries.
 */
@Internal
public final class ProductVariables {

    /** What the scripts read, a name a line; a test collects them. */
    public static final String FILE = "script-variables.txt";

    /** Of PostgreSQL's clients, Patroni, the shell, the loader and the interpreters. */
    private static final Set<String> PREFIXES = Set.of(
            "PG", "POSTGRES_", "PATRONI", "BASH", "LD_", "PYTHON", "PERL", "KUBERNETES_", "OPENSSL_", "DATA_SOURCE_");

    private static final Set<String> OF_THE_SHELL = Set.of(
            "CDPATH",
            "ENV",
            "GLOBIGNORE",
            "HOME",
            "IFS",
            "LANG",
            "LANGUAGE",
            "PATH",
            "POSIXLY_CORRECT",
            "SHELLOPTS",
            "TIMEFORMAT",
            "TMPDIR");

    private static final Set<String> OF_SCRIPTS = read();

    private ProductVariables() {}

    /** Whether the product or a program that it runs reads it. Names in lower case are variables of scripts, but for those of proxies. */
    public static boolean contain(String name) {
        return OF_SCRIPTS.contains(name)
                || OF_THE_SHELL.contains(name)
                || name.startsWith("LC_")
                || PREFIXES.stream().anyMatch(name::startsWith)
                || (name.matches(".*[a-z].*") && !name.matches("[a-z]+_proxy"));
    }

    private static Set<String> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        Objects.requireNonNull(ProductVariables.class.getResourceAsStream(FILE), FILE),
                        StandardCharsets.UTF_8));
                Stream<String> names = lines.lines()) {
            return names.collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }
}
