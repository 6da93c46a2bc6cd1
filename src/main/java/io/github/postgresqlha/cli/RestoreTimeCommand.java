package io.github.postgresqlha.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
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
        String result = Optional.ofNullable(record.get("RESULT"))
                .orElseThrow(
                        () -> new IOException(
                                "'" + file
                                        + "' is no record of a restore test: it has no RESULT; take proof/restore-test.env of the backup volume"));
        output.println(format.isJson() ? new ObjectMapper().writeValueAsString(record) : text(record));
        return result.equals("good") ? 0 : Pgha.FAILED;
    }

    private Map<String, String> record() throws IOException {
        byte[] bytes = file.equals("-") ? input.readAllBytes() : read();
        Map<String, String> record = new TreeMap<>();
        new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> record.put(parts[0], parts[1]));
        return record;
    }

    private byte[] read() throws IOException {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new IOException(
                    "there is no readable file '" + file + "'; copy proof/restore-test.env from the backup volume");
        }
        return Files.readAllBytes(path);
    }

    private static String text(Map<String, String> record) {
        String head = "restore test of " + value(record, "WHEN") + ": " + value(record, "RESULT");
        String reason = record.getOrDefault("REASON", "");
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
        return value.isEmpty() ? "-" : value;
    }
}
