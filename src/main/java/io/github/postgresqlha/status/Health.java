package io.github.postgresqlha.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.text.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The answer of {@code health-check.sh --format json}. It comes from a cluster: nothing of it is used before it has the form that it
 * should have, and its texts hold nothing that a terminal would act on.
 */
public record Health(
        Level status, Instant at, String primary, List<Member> members, Backups backups, List<Check> checks) {

    /** What follows an answer belongs to nobody. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final long LARGEST_EPOCH = 253_402_300_799L;

    /** A member; what is not known is empty. */
    record Member(
            String name,
            boolean answers,
            String role,
            String state,
            OptionalLong timeline,
            OptionalLong lagBytes,
            OptionalLong lagSeconds,
            OptionalLong cpu,
            OptionalLong memory,
            OptionalLong connections,
            OptionalLong maxConnections,
            OptionalLong data,
            OptionalLong wal,
            OptionalLong backup,
            OptionalLong version,
            Optional<Instant> certificateEnds) {}

    /** When each was made last; {@code known} where a member that has the volume answered. */
    record Backups(
            boolean known,
            Optional<Instant> dump,
            OptionalLong dumpBytes,
            Optional<Instant> base,
            Optional<Instant> proof,
            Optional<Instant> offsite) {}

    /** One line of the health check. */
    record Check(String name, Level status, String detail) {}

    /**
     * The answer in a text.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Health parse(String json) {
        try {
            JsonNode answer = JSON.readTree(json);
            return new Health(
                    Level.of(answer.path("status").asText()),
                    time(answer.path("clock")).orElseThrow(() -> new IllegalArgumentException("it has no clock")),
                    text(answer.path("primary")),
                    list(answer.path("members"), Health::member),
                    backups(answer.path("backups")),
                    list(answer.path("checks"), Health::check));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON", e);
        }
    }

    private static Member member(JsonNode node) {
        return new Member(
                text(node.path("member")),
                node.path("answers").asBoolean(),
                text(node.path("role")),
                text(node.path("state")),
                number(node.path("timeline")),
                number(node.path("lagBytes")),
                number(node.path("lagSeconds")),
                number(node.path("cpuPercent")),
                number(node.path("memoryPercent")),
                number(node.path("connections")),
                number(node.path("maxConnections")),
                number(node.path("dataUsedPercent")),
                number(node.path("walUsedPercent")),
                number(node.path("backupUsedPercent")),
                number(node.path("version")),
                time(node.path("certificateEnds")));
    }

    private static Backups backups(JsonNode node) {
        return new Backups(
                node.path("known").asBoolean(),
                time(node.path("newestDump")),
                number(node.path("newestDumpBytes")),
                time(node.path("newestBase")),
                time(node.path("lastProof")),
                time(node.path("offsiteCopy")));
    }

    private static Check check(JsonNode node) {
        return new Check(text(node.path("check")), Level.of(node.path("status").asText()), text(node.path("detail")));
    }

    private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> read) {
        if (!nodes.isArray()) {
            throw new IllegalArgumentException("it has no members or no checks");
        }
        List<T> all = new ArrayList<>();
        nodes.forEach(node -> all.add(read.apply(node)));
        return List.copyOf(all);
    }

    private static OptionalLong number(JsonNode node) {
        return node.canConvertToLong() && node.isIntegralNumber() && node.longValue() >= 0
                ? OptionalLong.of(node.longValue())
                : OptionalLong.empty();
    }

    private static Optional<Instant> time(JsonNode node) {
        OptionalLong seconds = number(node);
        return seconds.isPresent() && seconds.getAsLong() <= LARGEST_EPOCH
                ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong()))
                : Optional.empty();
    }

    private static String text(JsonNode node) {
        return Printable.of(node.asText(""));
    }

    /** What is not well, the worst first. */
    List<Check> complaints() {
        return checks.stream()
                .filter(check -> check.status() != Level.OK)
                .sorted((a, b) -> rank(a.status()) - rank(b.status()))
                .toList();
    }

    private static int rank(Level level) {
        return switch (level) {
            case CRITICAL -> 0;
            case UNKNOWN -> 1;
            case WARNING -> 2;
            case OK -> 3;
        };
    }
}
