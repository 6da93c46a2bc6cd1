package io.github.postgresqlha.configuration;

import io.github.postgresqlha.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.spec.Violations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
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

    /**
     * Reads a specification from a stream, as standard input.
     *
     * @throws io.github.postgresqlha.spec.InvalidSpecException with everything that is wrong with it
     */
    public static PostgresqlHaSpec read(InputStream input) {
        Violations violations = new Violations("standard input");
        return parse(text(input, violations), violations);
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

    private static String text(InputStream input, Violations violations) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(input.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException notText) {
            violations.add(new Violation("", "is not UTF-8 text; send it as UTF-8"));
        } catch (IOException unreadable) {
            violations.add(new Violation("", "cannot be read (" + unreadable.getMessage() + "); send a file"));
        }
        violations.throwIfAny();
        throw new AssertionError(input);
    }
}
