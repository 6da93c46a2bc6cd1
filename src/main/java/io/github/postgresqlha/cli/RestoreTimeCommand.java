package io.github.postgresqlha.cli;

import io.github.postgresqlha.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pgha restore-time}: how long a restore takes, as the restore test measured it. */
@Command(
        name = "restore-time",
        description = "Prints the restore time that a restore test measured, from its record proof/restore-test.env.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the test was good", "1:it was not, or there is no record of it", "64:bad usage"},
        footerHeading = "%nExample:%n",
        footer = "  pgha restore-time restore-test.env")
final class RestoreTimeCommand implements Callable<Integer> {

    /** Far above what a restore test writes. */
    private static final int LONGEST = 64 * 1024;

    private final PrintWriter output;
    private final InputStream input;

    @Parameters(index = "0", paramLabel = "FILE", description = "The record, or - for standard input")
    private String file = "-";

    @Mixin
    private FormatOption format = new FormatOption();

    RestoreTimeCommand(PrintWriter output, InputStream input) {
        this.output = output;
        this.input = input;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> record = record();
        output.println(format.isJson() ? Json.of(record) : text(record));
        return isGood(record) ? 0 : Pgha.FAILED;
    }

    private Map<String, String> record() throws IOException {
        String text = text();
        Map<String, String> record = new TreeMap<>();
        text.lines()
                .map(line -> line.split("=", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> record.put(parts[0], parts[1]));
        Optional<String> lacking = lacking(record);
        if (lacking.isPresent()) {
            throw noRecord("it has no " + lacking.get());
        }
        if (!text.endsWith("\n")) {
            throw noRecord("it ends within a line");
        }
        return record;
    }

    /** What every record has; a part of one would say good of what nobody measured. */
    private static Optional<String> lacking(Map<String, String> record) {
        Optional<String> always = Stream.of("RESULT", "WHEN")
                .filter(key -> record.getOrDefault(key, "").isEmpty())
                .findFirst();
        boolean measured = Stream.of("DUMP_SECONDS", "BASE_SECONDS")
                .anyMatch(key -> record.getOrDefault(key, "").matches("[0-9]+"));
        return always.isPresent() || measured || !isGood(record)
                ? always
                : Optional.of("DUMP_SECONDS and no BASE_SECONDS");
    }

    private static boolean isGood(Map<String, String> record) {
        return record.getOrDefault("RESULT", "").equals("good");
    }

    private IOException noRecord(String why) {
        return new IOException("'" + file + "' is no record of a restore test: " + why
                + "; take all of proof/restore-test.env of the backup volume");
    }

    private String text() throws IOException {
        byte[] bytes;
        try (InputStream stream = file.equals("-") ? input : open()) {
            bytes = stream.readNBytes(LONGEST + 1);
        }
        if (bytes.length > LONGEST) {
            throw noRecord("it has more than " + LONGEST + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private InputStream open() throws IOException {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new IOException(
                    "there is no readable file '" + file + "'; copy proof/restore-test.env from the backup volume");
        }
        return Files.newInputStream(path);
    }

    private static String text(Map<String, String> record) {
        String head = "restore test of " + value(record, "WHEN") + ": " + value(record, "RESULT");
        String reason = Printable.of(record.getOrDefault("REASON", ""));
        return head + (reason.isEmpty() ? "" : ", " + reason)
                + "\ndump          " + seconds(record, "DUMP_SECONDS") + "  " + value(record, "DUMP")
                + "\nbase backup   " + seconds(record, "BASE_SECONDS") + "  " + value(record, "BASE") + " (unpacked in "
                + seconds(record, "BASE_UNPACK_SECONDS") + ", WAL replayed in " + seconds(record, "BASE_REPLAY_SECONDS")
                + ", last commit " + value(record, "LAST_COMMIT") + ")"
                + "\nMeasured on the disk of the test's node; finding the fault and deciding come on top.";
    }

    private static String seconds(Map<String, String> record, String key) {
        String value = value(record, key);
        return value.equals("-") ? value : value + " s";
    }

    private static String value(Map<String, String> record, String key) {
        String value = record.getOrDefault(key, "");
        return value.isEmpty() ? "-" : Printable.of(value);
    }
}
