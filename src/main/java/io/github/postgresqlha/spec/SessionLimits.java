package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.SessionTimeout;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.immutables.value.Value;

/**
 * What the sessions of one role may take. They begin with these values; a session can raise the two times for itself, and no role but a
 * superuser the size.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-alterrole.html">ALTER ROLE ... SET</a>
 */
public interface SessionLimits {

    /** {@code statement_timeout}: after which a statement is ended, with its unit; {@code 0} is never. Default: absent, the server's own, which is never. */
    @Key("statement_timeout of its sessions, as 30s or 10min; 0: none; absent: the server's own")
    Optional<SessionTimeout> statementTimeout();

    /**
     * {@code idle_in_transaction_session_timeout}: after which a session that waits in a transaction is ended, with its unit; {@code 0} is never.
     * Default: absent, the server's own.
     */
    @Key("idle_in_transaction_session_timeout of its sessions, as 10min; 0: none; absent: the server's own")
    Optional<SessionTimeout> idleInTransactionSessionTimeout();

    /** {@code temp_file_limit}: what a session's sorts and hashes may take of the data volume, with its unit. Default: absent, no limit. An error below 1kB or above 2TB. */
    @Key("temp_file_limit: what sorts and hashes of one session may take of the data volume, as 5GB; absent: no limit")
    Optional<MemorySize> tempFileLimit();

    /** All of it as PostgreSQL's parameters. */
    @Internal
    @Value.NonAttribute
    default SortedMap<String, String> settings() {
        return Stream.of(
                        Map.entry("statement_timeout", statementTimeout().map(SessionTimeout::text)),
                        Map.entry(
                                "idle_in_transaction_session_timeout",
                                idleInTransactionSessionTimeout().map(SessionTimeout::text)),
                        Map.entry("temp_file_limit", tempFileLimit().map(MemorySize::text)))
                .filter(setting -> setting.getValue().isPresent())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, setting -> setting.getValue().orElseThrow(), (a, b) -> a, TreeMap::new));
    }

    /** PostgreSQL counts its kilobytes in 31 bits. */
    @Internal
    static void check(SessionLimits limits, Violations violations) {
        long bytes = limits.tempFileLimit().map(MemorySize::bytes).orElse(1L << 20);
        violations.require(
                bytes >= 1L << 10 && bytes < 2L << 40,
                "tempFileLimit",
                "must be 1kB to less than 2TB, got '"
                        + limits.tempFileLimit().map(MemorySize::text).orElse("")
                        + "'; choose such a size, or leave it out for no limit");
    }
}
