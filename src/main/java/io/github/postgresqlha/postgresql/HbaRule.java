package io.github.postgresqlha.postgresql;

import java.util.List;

/**
 * One record of {@code pg_hba.conf}. The first one that matches a connection decides.
 *
 * @see <a href="https://www.postgresql.org/docs/17/auth-pg-hba-conf.html">The pg_hba.conf file</a>
 */
public record HbaRule(String type, String databases, String users, String address, String method, String reason) {

    private static final String ALL = "all";

    /** Connections through the socket, which only programs of the instance's own pod can open. */
    public static HbaRule local(String method, String reason) {
        return new HbaRule("local", ALL, ALL, "", method, reason);
    }

    /** Connections by the network, from every address: which pods can connect at all is a NetworkPolicy's business. */
    public static HbaRule host(String database, List<String> users, String method, String reason) {
        return new HbaRule("host", database, String.join(",", users), ALL, method, reason);
    }

    /** Connections by the network of a type and from addresses that are named. */
    public static HbaRule of(
            String type, List<String> databases, List<String> users, String address, String method, String reason) {
        return new HbaRule(type, String.join(",", databases), String.join(",", users), address, method, reason);
    }

    /** Everything that no rule above it allows. */
    public static HbaRule rejectOthers() {
        return host(ALL, List.of(ALL), "reject", "whoever is not listed above");
    }

    /** Everything over the network that is not encrypted. */
    static HbaRule rejectWithoutTls() {
        return new HbaRule(
                "hostnossl", ALL, ALL, ALL, "reject", "whoever does not use TLS: the error says \"no encryption\"");
    }

    /** The same for who uses TLS alone. A superuser has to show a certificate of the members' authority as well: what a password alone opens is no superuser's. */
    HbaRule onlyWithTls() {
        if (!type.equals("host")) {
            return this;
        }
        String checks = users.equals(DatabaseRole.POSTGRES.role()) ? method + " clientcert=verify-ca" : method;
        return new HbaRule("hostssl", databases, users, address, checks, reason);
    }

    List<String> fields() {
        return List.of(type, databases, users, address, method);
    }
}
