package io.github.postgresqlha.postgresql;

/**
 * How much memory PostgreSQL takes where the specification does not say.
 *
 * @param sharedBuffers {@code shared_buffers}
 * @param effectiveCacheSize {@code effective_cache_size}
 * @param workMem {@code work_mem}
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-resource.html#RUNTIME-CONFIG-RESOURCE-MEMORY">Memory</a>
 */
public record MemorySizing(Parameter sharedBuffers, Parameter effectiveCacheSize, Parameter workMem) {

    private static final int LEAST_BUFFERS = 16;
    private static final int LEAST_WORK_MEM = 4;
    private static final int SORTS = 3;

    /** Fixed amounts, which fit a member of 1Gi and more. */
    public static MemorySizing fixed() {
        return of(
                256,
                "the server's own cache",
                1024,
                "what the planner may expect to be cached by the system as well",
                LEAST_WORK_MEM,
                "for each sort or hash, in each connection");
    }

    /** Shares of what a member has. */
    public static MemorySizing ofMemory(long bytes, int maxConnections) {
        long memory = bytes >> 20;
        long buffers = Math.max(LEAST_BUFFERS, memory / 4);
        return of(
                buffers,
                "a quarter of the " + memory + "MB that the smaller member requests",
                memory * 3 / 4,
                "three quarters of them",
                Math.max(LEAST_WORK_MEM, (memory - buffers) / ((long) SORTS * maxConnections)),
                "what shared_buffers leaves of them / (" + SORTS + " x " + maxConnections + " connections), at least "
                        + LEAST_WORK_MEM + "MB");
    }

    private static MemorySizing of(
            long buffers, String buffersReason, long cache, String cacheReason, long work, String workReason) {
        return new MemorySizing(
                new Parameter("shared_buffers", text(buffers), buffersReason),
                new Parameter("effective_cache_size", text(cache), cacheReason),
                new Parameter("work_mem", text(work), workReason));
    }

    private static String text(long megabytes) {
        return megabytes % 1024 == 0 ? megabytes / 1024 + "GB" : megabytes + "MB";
    }
}
