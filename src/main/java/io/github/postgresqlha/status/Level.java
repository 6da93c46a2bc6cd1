package io.github.postgresqlha.status;

import io.github.postgresqlha.text.Printable;

/** How bad a check, or all of them, is. */
public enum Level {
    OK("ok", 0, 32),
    WARNING("warning", 1, 33),
    CRITICAL("critical", 2, 31),
    UNKNOWN("unknown", 3, 35);

    private final String word;
    private final int exitStatus;
    private final int colour;

    Level(String word, int exitStatus, int colour) {
        this.word = word;
        this.exitStatus = exitStatus;
        this.colour = colour;
    }

    /** As the health check spells it; all that is well it calls healthy. */
    static Level of(String word) {
        for (Level level : values()) {
            if (level.word.equals(word.equals("healthy") ? OK.word : word)) {
                return level;
            }
        }
        throw new IllegalArgumentException("no state of a check: '" + Printable.of(word) + "'");
    }

    /** That of the health check. */
    public int exitStatus() {
        return exitStatus;
    }

    /** Of the terminal, by ECMA-48. */
    int colour() {
        return colour;
    }

    @Override
    public String toString() {
        return word;
    }
}
