package io.github.postgresqlha.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** An installation's state for a terminal: as wide as its columns need, with colours where they are asked for. */
public record StatusText(String name, String namespace, boolean colours) {

    private static final List<String> HEADS = List.of(
            "MEMBER",
            "ROLE",
            "TIMELINE",
            "LAG",
            "CONNECTIONS",
            "CPU",
            "MEMORY",
            "DATA",
            "WAL",
            "BACKUPS",
            "CERTIFICATE",
            "RELEASE");

    /** All of it, with a line break at its end. */
    public String of(Health health) {
        StringBuilder text = new StringBuilder();
        text.append(name).append(" in ").append(namespace).append(": ");
        text.append(coloured(
                health.status(),
                health.status() == Level.OK ? "healthy" : health.status().toString()));
        text.append(", ").append(health.at()).append("\n\n");
        members(health, text);
        backups(health, text);
        checks(health, text);
        return text.toString();
    }

    private void members(Health health, StringBuilder text) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADS));
        health.members().forEach(member -> rows.add(row(member, health.at())));
        int[] widths = new int[HEADS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int line = 0; line < rows.size(); line++) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                row.append(rows.get(line).get(i))
                        .append(" ".repeat(widths[i] - rows.get(line).get(i).length() + 2));
            }
            boolean away = line > 0 && !health.members().get(line - 1).answers();
            String shown = row.toString().stripTrailing();
            text.append(away ? coloured(Level.CRITICAL, shown) : shown).append('\n');
        }
    }

    private static List<String> row(Health.Member member, Instant now) {
        return List.of(
                member.name(),
                member.answers() ? member.role() : "silent",
                Phrases.number(member.timeline()),
                Phrases.lag(member),
                Phrases.connections(member),
                Phrases.percent(member.cpu()),
                Phrases.percent(member.memory()),
                Phrases.percent(member.data()),
                Phrases.percent(member.wal()),
                Phrases.percent(member.backup()),
                Phrases.left(member.certificateEnds(), now),
                Phrases.version(member.version()));
    }

    private static void backups(Health health, StringBuilder text) {
        Health.Backups backups = health.backups();
        text.append('\n');
        if (!backups.known()) {
            text.append("backups          not known: no member that mounts the backup volume answers\n");
            return;
        }
        UnaryOperator<String> padded = word -> word + " ".repeat(17 - word.length());
        text.append(padded.apply("last dump")).append(Phrases.ago(backups.dump(), health.at()));
        text.append(backups.dumpBytes().isPresent() ? ", " + Phrases.bytes(backups.dumpBytes()) : "")
                .append('\n');
        text.append(padded.apply("last base backup"))
                .append(Phrases.ago(backups.base(), health.at()))
                .append('\n');
        text.append(padded.apply("last proof"))
                .append(Phrases.ago(backups.proof(), health.at()))
                .append('\n');
        if (backups.offsite().isPresent()) {
            text.append(padded.apply("off-site copy"))
                    .append(Phrases.ago(backups.offsite(), health.at()))
                    .append('\n');
        }
    }

    private void checks(Health health, StringBuilder text) {
        text.append('\n');
        int width = health.complaints().stream()
                .mapToInt(check -> check.name().length())
                .max()
                .orElse(0);
        health.complaints()
                .forEach(check -> text.append(
                                coloured(check.status(), pad(check.status().toString(), 8)))
                        .append("  ")
                        .append(pad(check.name(), width))
                        .append("  ")
                        .append(check.detail())
                        .append('\n'));
        text.append(health.checks().size())
                .append(" checks, ")
                .append(health.complaints().size())
                .append(" not ok\n");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String coloured(Level level, String text) {
        return colours ? "\u001b[" + level.colour() + "m" + text + "\u001b[0m" : text;
    }
}
