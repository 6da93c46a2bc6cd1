package io.github.postgresqlha.spec;

/** What of the health check's answers lets its Job fail. */
public enum FailOn {
    /** What is critical, or cannot be told: a warning is in the Job's log. A failed Job may degrade a GitOps application. */
    CRITICAL("critical"),
    /** A warning as well. */
    WARNING("warning");

    private final String value;

    FailOn(String value) {
        this.value = value;
    }

    /** As the specification and scripts spell it. */
    @Override
    public String toString() {
        return value;
    }
}
