package io.github.postgresqlha.script;

/** Time that passes in a scenario. */
final class Pause {

    private Pause() {}

    static void milliseconds(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
