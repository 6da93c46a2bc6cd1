package io.github.postgresqlha.spec;

/** Where the amounts of memory come from that the specification does not give. */
public enum Tuning {
    /** Fixed amounts: {@code shared_buffers} 256MB, {@code effective_cache_size} 1GB, {@code work_mem} 4MB. */
    SEED("seed"),
    /**
     * Shares of the memory that the smaller member requests: a quarter for {@code shared_buffers}, three quarters as
     * {@code effective_cache_size}; {@code work_mem} so that three sorts in each of {@code max_connections} sessions fit into the rest, at
     * least 4MB. Another request restarts the members as another {@code shared_buffers} does.
     */
    FROM_MEMORY("fromMemory");

    private final String value;

    Tuning(String value) {
        this.value = value;
    }

    /** As the specification spells it. */
    @Override
    public String toString() {
        return value;
    }
}
