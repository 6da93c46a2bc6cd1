package io.github.postgresqlha.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** What {@code pgha} answered. */
record CommandLineRun(int status, String out, String err) {

    /** With nothing on standard input. */
    static CommandLineRun of(String... arguments) {
        return reading("", arguments);
    }

    static CommandLineRun reading(String input, String... arguments) {
        return reading(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), arguments);
    }

    static CommandLineRun reading(InputStream input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Pgha.run(input, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new CommandLineRun(status, lines(out), lines(err));
    }

    private static String lines(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
