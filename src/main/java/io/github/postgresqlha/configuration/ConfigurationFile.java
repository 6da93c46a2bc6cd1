package io.github.postgresqlha.configuration;

import io.github.postgresqlha.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.spec.Violations;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code postgresql-ha.yaml}: the specification as a file. Every key is optional, an unknown one is an error. */
public final class ConfigurationFile {

    /** The file's usual name. */
    public static final String NAME = "postgresql-ha.yaml";

    private ConfigurationFile() {}

    /**
     * Reads a specification.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException with everything that is wrong with the file
     */
    public static PostgresqlHaSpec read(Path file) {
        Violations violations = new Violations(String.valueOf(file.getFileName()));
        return parse(text(file, violations), violations);
    }

    /** Reads a specification from a text. */
    public static PostgresqlHaSpec parse(String text) {
        return parse(text, new Violations(NAME));
    }

    private static PostgresqlHaSpec parse(String text, Violations violations) {
        YamlNode root = YamlTree.read(text, violations);
        Optional<PostgresqlHaSpec> spec =
                new SpecReader(violations).read(root, PostgresqlHaSpec.class, "", Optional.empty());
        violations.throwIfAny();
        return spec.orElseThrow(() -> new IllegalStateException("refused without a violation"));
    }

    private static String text(Path file, Violations violations) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            violations.add(
                    new Violation("", "there is no file '" + file + "'; create it, or name another with --config"));
        } catch (MalformedInputException notText) {
            violations.add(new Violation("", "'" + file + "' is not UTF-8 text; save it as UTF-8"));
        } catch (IOException unreadable) {
            violations.add(new Violation("", "cannot read '" + file + "' (" + unreadable + "); make it readable"));
        }
        violations.throwIfAny();
        throw new AssertionError(file);
    }
}
