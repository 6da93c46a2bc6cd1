package io.github.postgresqlha.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The volumes of a member that is stopped, which are kept as by a snapshot, and put back; and the data that it set aside. */
record PutBack(LocalInstance member) {

    private static final List<String> VOLUMES = List.of("data", "wal");

    void keep() {
        for (String volume : VOLUMES) {
            member.run("cp", "-a", home(volume), home(volume) + ".snapshot");
        }
    }

    void putBack() {
        for (String volume : VOLUMES) {
            member.run("rm", "-rf", home(volume));
            member.run("mv", home(volume) + ".snapshot", home(volume));
        }
    }

    /** What the data that were set aside hold, as a person would look. */
    String countKept(String note) throws IOException {
        Path kept;
        try (Stream<Path> folders = Files.list(member.data().getParent())) {
            kept = folders.filter(folder -> folder.getFileName().toString().startsWith("pgdata.abandoned-"))
                    .findFirst()
                    .orElseThrow();
        }
        member.run("rm", "-f", kept + "/standby.signal");
        return member.run(
                        "sh",
                        "-c",
                        "echo \"SELECT count(*) FROM rows WHERE note = '" + note + "'\" | postgres --single -D " + kept
                                + " airflow 2>&1 | sed -n 's/.*count = \"\\([0-9]*\\)\".*/\\1/p'")
                .output()
                .strip();
    }

    private String home(String volume) {
        return member.runtime().resolveSibling(volume).toString();
    }
}
