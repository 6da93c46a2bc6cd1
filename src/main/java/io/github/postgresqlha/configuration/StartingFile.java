package io.github.postgresqlha.configuration;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The file that somebody begins with: the most used keys, each with its meaning and its default, most of them switched off by a {@code #}. */
public final class StartingFile {

    private static final int WIDTH = 100;

    private static final String HEAD = """
            # The specification of a highly available PostgreSQL. Every key has a default, which is what stands here:
            # take the # away to change it, and that of the sections around it. A # with a blank behind it begins a comment.
            #   pgha explain KEY     what a key means, what it takes, what a change of it restarts; without KEY: all sections
            #   pgha validate        whether this file is right
            #   pgha synth           writes the manifests
            """;

    /** What almost everybody decides: these are not switched off. */
    private static final Set<String> DECIDED = Set.of("name", "namespace", "postgresVersion");

    private static final List<String> MOST_USED = List.of(
            "name",
            "namespace",
            "postgresVersion",
            "image",
            "databaseName",
            "databaseOwner",
            "failover",
            "primary.resources.requests.cpu",
            "primary.resources.requests.memory",
            "primary.resources.limits.cpu",
            "primary.resources.limits.memory",
            "primary.storage.data.size",
            "primary.storage.wal.size",
            "standby.resources.requests.cpu",
            "standby.resources.requests.memory",
            "standby.resources.limits.cpu",
            "standby.resources.limits.memory",
            "standby.storage.data.size",
            "standby.storage.wal.size",
            "replication.synchronous",
            "configuration.maxConnections",
            "configuration.tuning",
            "configuration.parameters",
            "backup.schedule",
            "backup.retentionDays",
            "backup.retentionMinimum",
            "backup.storage.size",
            "backup.base.schedule",
            "backup.base.keep",
            "network.airflowPods",
            "network.clients");

    private final Map<String, ExplainedKey> keys =
            KeyCatalogue.all().stream().collect(Collectors.toMap(ExplainedKey::path, Function.identity()));

    private final Set<String> written = new HashSet<>();
    private final StringBuilder text = new StringBuilder(HEAD);

    private StartingFile() {}

    /** The file's text. */
    public static String render() {
        StartingFile file = new StartingFile();
        MOST_USED.stream().map(file.keys::get).forEach(file::add);
        return file.text.toString();
    }

    /** Adds a key after the sections around it that are not there yet. */
    private void add(ExplainedKey key) {
        key.parent().map(keys::get).ifPresent(this::add);
        if (!written.add(key.path())) {
            return;
        }
        String indent =
                "  ".repeat((int) key.path().chars().filter(c -> c == '.').count());
        String off = DECIDED.contains(key.path()) ? "" : "#";
        if (indent.isEmpty()) {
            text.append('\n');
        }
        Paragraph.lines(key.meaning(), WIDTH)
                .forEach(line -> text.append(indent.isEmpty() ? "" : off)
                        .append(indent)
                        .append("# ")
                        .append(line)
                        .append('\n'));
        text.append(off).append(indent).append(key.name()).append(':');
        key.initial().ifPresent(value -> text.append(' ').append(value));
        text.append('\n');
    }
}
