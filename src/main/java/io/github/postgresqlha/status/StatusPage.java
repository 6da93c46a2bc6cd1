package io.github.postgresqlha.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An installation's state as one page that needs nothing beside itself; what comes from the cluster is text in it, never markup. */
public record StatusPage(String name, String namespace) {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

    /** All of it. */
    public String of(Health health) {
        Map<String, String> parts = new TreeMap<>();
        parts.put("name", escaped(name));
        parts.put("namespace", escaped(namespace));
        parts.put("level", health.status().toString());
        parts.put(
                "verdict",
                health.status() == Level.OK ? "healthy" : health.status().toString());
        parts.put("time", health.at().toString());
        parts.put(
                "members",
                health.members().stream().map(member -> member(member, health)).collect(Collectors.joining()));
        parts.put("backups", backups(health));
        parts.put(
                "count",
                health.checks().size() + " checks, " + health.complaints().size() + " not ok");
        parts.put("checks", checks(health));
        return PLACE.matcher(template())
                .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
    }

    private static String member(Health.Member member, Health health) {
        String role = member.answers() ? member.role() : "silent";
        return "<article class=\"" + (member.answers() ? "ok" : "critical") + "\"><h3>" + escaped(member.name())
                + "</h3><p class=\"role\">"
                + escaped(role) + (member.answers() ? ", timeline " + Phrases.number(member.timeline()) : "") + "</p>"
                + bar("data volume", member.data()) + bar("WAL volume", member.wal())
                + bar("backup volume", member.backup())
                + bar("processor", member.cpu()) + bar("memory", member.memory())
                + "<dl>" + fact("lag", Phrases.lag(member)) + fact("connections", Phrases.connections(member))
                + fact("certificate", Phrases.left(member.certificateEnds(), health.at()))
                + fact("PostgreSQL", Phrases.version(member.version())) + "</dl></article>\n";
    }

    private static String bar(String what, OptionalLong percent) {
        if (percent.isEmpty()) {
            return "";
        }
        long shown = Math.min(100, percent.getAsLong());
        return "<label>" + what + "<span>" + percent.getAsLong()
                + " %</span><meter min=\"0\" max=\"100\" low=\"80\" high=\"95\" optimum=\"0\" value=\"" + shown
                + "\"></meter></label>";
    }

    private static String backups(Health health) {
        Health.Backups backups = health.backups();
        if (!backups.known()) {
            return "<p>Not known: no member that mounts the backup volume answers.</p>";
        }
        String size = backups.dumpBytes().isPresent() ? ", " + Phrases.bytes(backups.dumpBytes()) : "";
        return "<dl>" + fact("last dump", Phrases.ago(backups.dump(), health.at()) + size)
                + fact("last base backup", Phrases.ago(backups.base(), health.at()))
                + fact("last proof", Phrases.ago(backups.proof(), health.at()))
                + (backups.offsite().isPresent()
                        ? fact("off-site copy", Phrases.ago(backups.offsite(), health.at()))
                        : "")
                + "</dl>";
    }

    private static String fact(String what, String value) {
        return "<div><dt>" + what + "</dt><dd>" + escaped(value) + "</dd></div>";
    }

    private static String checks(Health health) {
        List<Health.Check> rest = health.checks().stream()
                .filter(check -> check.status() == Level.OK)
                .toList();
        return rows(health.complaints()) + rows(rest);
    }

    private static String rows(List<Health.Check> checks) {
        return checks.stream()
                .map(check -> "<tr class=\"" + check.status() + "\"><td>" + check.status() + "</td><th scope=\"row\">"
                        + escaped(check.name()) + "</th><td>" + escaped(check.detail()) + "</td></tr>\n")
                .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String template() {
        try (InputStream page = StatusPage.class.getResourceAsStream("status.html")) {
            if (page == null) {
                throw new IllegalStateException("status.html is not in the library");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
