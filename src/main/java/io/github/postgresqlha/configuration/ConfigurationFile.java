package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.spec.Violations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code postgresql-ha.yaml}: the specification as a file. Every key is optional, an unknown one is an error. */
public final class ConfigurationFile {

    /** The file's usual name. */
    public static final String NAME = "postgresql-ha.yaml";

    private static final int LONGEST = 1024 * 1024;

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
            try (InputStream input = Files.newInputStream(file)) {
                return text(limited(input));
            }
        } catch (NoSuchFileException missing) {
            violations.add(
                    new Violation("", "there is no file '" + file + "'; create it, or name another with --config"));
        } catch (TooLongException tooLong) {
            violations.add(new Violation("", "'" + file + "' " + TooLongException.TEXT));
        } catch (CharacterCodingException notText) {
            violations.add(new Violation("", "'" + file + "' is not UTF-8 text; save it as UTF-8"));
        } catch (IOException unreadable) {
            violations.add(new Violation("", "cannot read '" + file + "' (" + unreadable + "); make it readable"));
        }
        violations.throwIfAny();
        throw new AssertionError(file);
    }

    private static String text(InputStream input, Violations violations) {
        try {
            return text(limited(input));
        } catch (TooLongException tooLong) {
            violations.add(new Violation("", TooLongException.TEXT));
        } catch (CharacterCodingException notText) {
            violations.add(new Violation("", "is not UTF-8 text; send it as UTF-8"));
        } catch (IOException unreadable) {
            violations.add(new Violation("", "cannot be read (" + unreadable.getMessage() + "); send a file"));
        }
        violations.throwIfAny();
        throw new AssertionError(input);
    }

    private static byte[] limited(InputStream input) throws IOException {
        byte[] bytes = input.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new TooLongException();
        }
        return bytes;
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Nobody writes that much by hand. */
    private static final class TooLongException extends IOException {

        private static final String TEXT = "has more than " + LONGEST + " bytes; a specification has a few thousand";
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super(TEXT);
        }
    }
}
