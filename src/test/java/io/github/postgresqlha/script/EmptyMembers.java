package io.github.postgresqlha.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** What the supervisors of members without data say at their ports, for members that a test has not started. */
final class EmptyMembers {

    private final LocalPostgres local;
    private final Map<Integer, Process> said = new HashMap<>();

    EmptyMembers(LocalPostgres local) {
        this.local = local;
    }

    void say(int port) {
        said.computeIfAbsent(port, this::listen);
    }

    void hush(int port) {
        Process listener = said.remove(port);
        if (listener != null) {
            listener.destroy();
            listener.onExit().join();
        }
    }

    private Process listen(int port) {
        try {
            return local.process(Map.of(), local.scripts() + "/lib/no-data.pl", "127.0.0.1", String.valueOf(port))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
