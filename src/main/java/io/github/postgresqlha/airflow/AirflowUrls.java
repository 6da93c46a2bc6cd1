package io.github.postgresqlha.airflow;

import io.github.postgresqlha.credentials.PasswordSource;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.spec.AirflowVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The URLs by which Airflow and reports connect. SQLAlchemy takes several hosts only as parameters; asyncpg's dialect takes none of libpq's
 * options, so that those are in the synchronous URL alone, and none where Airflow makes the asynchronous URL of it.
 *
 * @see <a href="https://www.postgresql.org/docs/17/libpq-connect.html#LIBPQ-PARAMKEYWORDS">libpq's parameters</a>
 */
public final class AirflowUrls {

    /** A server whose node is gone answers nothing: without them a connection hangs for a quarter of an hour. */
    private static final List<String> KEEPALIVES = List.of(
            "connect_timeout=3",
            "keepalives=1",
            "keepalives_idle=5",
            "keepalives_interval=2",
            "keepalives_count=3",
            "tcp_user_timeout=10000");

    private static final String PORT = ":5432";
    private static final String POOLER_PORT = ":6432";

    private final Installation installation;

    private AirflowUrls(Installation installation) {
        this.installation = installation;
    }

    /** In the order of their keys. */
    public static List<AirflowUrl> of(Installation installation) {
        return new AirflowUrls(installation).urls();
    }

    private List<AirflowUrl> urls() {
        PasswordSource owner =
                PasswordSource.of(installation, installation.owner().value());
        List<AirflowUrl> urls = new ArrayList<>();
        boolean pooled = installation.spec().pooler().enabled();
        urls.add(new AirflowUrl("connection", owner, synchronous(pooled)));
        urls.add(new AirflowUrl("connection-async", owner, url("postgresql+asyncpg", pooled, List.of())));
        urls.add(new AirflowUrl("connection-direct", owner, synchronous(false)));
        urls.add(new AirflowUrl("password", owner, AirflowUrl.PASSWORD));
        reporting().ifPresent(urls::add);
        return urls;
    }

    private String synchronous(boolean pooled) {
        List<String> options = new ArrayList<>();
        if (installation.spec().airflow().version() != AirflowVersion.V3_0) {
            options.addAll(KEEPALIVES);
            options.addAll(verification());
        }
        return url("postgresql+psycopg2", pooled, options);
    }

    /**
     * To the member that accepts writes. A Service that leads to it may lead to one that no longer does for a moment; a pooler waits for the
     * next one itself.
     */
    private String url(String driver, boolean pooled, List<String> options) {
        List<String> hosts = pooled ? List.of(host(installation.names().pooler())) : primaryHosts();
        List<String> parameters = new ArrayList<>();
        if (hosts.size() > 1) {
            hosts.forEach(host -> parameters.add("host=" + host + PORT));
        }
        if (!pooled && installation.spec().airflow().version() != AirflowVersion.V3_0) {
            parameters.add("target_session_attrs=read-write");
        }
        parameters.addAll(options);
        return driver + "://" + installation.owner() + ":" + AirflowUrl.PASSWORD + "@"
                + (hosts.size() > 1 ? "" : hosts.get(0) + (pooled ? POOLER_PORT : PORT)) + "/" + installation.database()
                + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
    }

    /** One where a Service follows the role, all members where each has its own. */
    private List<String> primaryHosts() {
        return installation.isAutomatic()
                ? List.of(host(installation.names().primary()))
                : installation.members().stream()
                        .map(Member::instance)
                        .map(this::host)
                        .toList();
    }

    /** In a form that libpq takes as well as SQLAlchemy: a standby where one answers. */
    private Optional<AirflowUrl> reporting() {
        if (installation.standbys().isEmpty()) {
            return Optional.empty();
        }
        String role = installation
                .spec()
                .airflow()
                .reportingRole()
                .orElse(installation.owner().value());
        List<String> hosts = List.of(
                host(installation.names().standby()), host(installation.names().primary()));
        List<String> parameters = new ArrayList<>(List.of(
                "host=" + String.join(",", hosts),
                "port=" + hosts.stream().map(host -> PORT.substring(1)).collect(Collectors.joining(",")),
                "target_session_attrs=prefer-standby"));
        parameters.addAll(KEEPALIVES);
        parameters.addAll(verification());
        return Optional.of(new AirflowUrl(
                "reporting",
                PasswordSource.of(installation, role),
                "postgresql://" + role + ":" + AirflowUrl.PASSWORD + "@/" + installation.database() + "?"
                        + String.join("&", parameters)));
    }

    private List<String> verification() {
        return installation.hasTls()
                ? List.of("sslmode=verify-full", "sslrootcert=" + AirflowMounts.authority(installation))
                : List.of();
    }

    private String host(String service) {
        return service + "." + installation.names().namespace() + ".svc";
    }
}
