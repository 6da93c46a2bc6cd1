package io.github.postgresqlha.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The records of {@code pg_hba.conf}, in the order in which PostgreSQL tries them. */
public record HbaRules(List<HbaRule> rules) {

    public HbaRules {
        rules = List.copyOf(rules);
    }

    /** Stands for every database. */
    public static final String ALL_DATABASES = "all";

    /** How much of a database's name {@code restore.sh} keeps in that of a new one. */
    private static final int RESTORED_NAME = 39;

    private static final PostgresVersion FIRST_WITH_PATTERNS = PostgresVersion.V16;

    /**
     * What the product's own roles and the owner of its database need, and nothing else.
     *
     * @param version of the server
     * @param method how passwords are checked: {@code scram-sha-256} or {@code md5}
     */
    public static HbaRules of(PostgresVersion version, Identifier database, Identifier owner, String method) {
        String name = database.value();
        return new HbaRules(List.of(
                HbaRule.local("peer map=" + IdentMap.NAME, "kubectl exec: the pod's own user, by pg_ident.conf"),
                HbaRule.host(
                        "replication",
                        List.of(DatabaseRole.REPLICATOR.role()),
                        method,
                        "standby, WAL archiver, base backup"),
                HbaRule.host(
                        "postgres",
                        List.of(DatabaseRole.MONITOR.role(), DatabaseRole.REWINDER.role()),
                        method,
                        "health check, pg_rewind"),
                HbaRule.host("postgres", List.of(DatabaseRole.BACKUP.role()), method, "the end of a base backup"),
                HbaRule.host(
                        "all",
                        List.of(DatabaseRole.POSTGRES.role()),
                        method,
                        "restore, which may run beside another instance"),
                HbaRule.host(name, List.of(owner.value()), method, "the application"),
                HbaRule.host(restored(version, name), List.of(owner.value()), method, "a restore of its dumps"),
                HbaRule.host(name, List.of(DatabaseRole.BACKUP.role()), method, "dumps"),
                HbaRule.rejectOthers()));
    }

    /**
     * The databases that {@code restore.sh} makes, whose names begin with that of the application's. Before PostgreSQL 16 a name
     * stands there as it is, and who may connect to a database is left to the database.
     */
    private static String restored(PostgresVersion version, String database) {
        String beginning = database.substring(0, Math.min(database.length(), RESTORED_NAME));
        return version.compareTo(FIRST_WITH_PATTERNS) >= 0 ? "/^" + beginning + "_" : "all";
    }

    /** Lets {@code backup} into further databases as well: into those that are named, or into {@link #ALL_DATABASES}. */
    public HbaRules withDumps(List<String> databases, String method) {
        List<HbaRule> all = new ArrayList<>(rules);
        for (String name : databases) {
            String database = name.equals(ALL_DATABASES) ? name : '"' + name + '"';
            all.add(
                    all.size() - 1,
                    HbaRule.host(database, List.of(DatabaseRole.BACKUP.role()), method, "dumps of other databases"));
        }
        return new HbaRules(all);
    }

    /** With further records, before the one that rejects the rest: behind all that the product's own roles need. */
    public HbaRules with(List<HbaRule> further) {
        List<HbaRule> all = new ArrayList<>(rules);
        all.addAll(all.size() - 1, further);
        return new HbaRules(all);
    }

    /**
     * Lets {@code replicator} in through the socket as well: Patroni asks its own server how far its log goes, and is not elected where that server
     * refuses the Secret's password, which only a primary sets.
     */
    public HbaRules withLocalReplication() {
        List<HbaRule> all = new ArrayList<>(rules);
        all.add(
                1,
                new HbaRule(
                        "local",
                        "replication",
                        DatabaseRole.REPLICATOR.role(),
                        "",
                        "peer map=" + IdentMap.NAME,
                        "Patroni: how far the log goes here"));
        return new HbaRules(all);
    }

    /** The same for connections with TLS; all others are refused. */
    public HbaRules onlyWithTls() {
        return new HbaRules(Stream.concat(
                        Stream.of(HbaRule.rejectWithoutTls()), rules.stream().map(HbaRule::onlyWithTls))
                .toList());
    }

    /** The file. A name with a special meaning there ({@code all}, {@code replication}, …) loses it in quotes. */
    public String render() {
        return Columns.HEADER + "# TYPE, DATABASE, USER, ADDRESS, METHOD: the first record that matches decides.\n"
                + Columns.align(rules.stream().map(HbaRule::fields).toList(), reasons());
    }

    private List<String> reasons() {
        return rules.stream().map(HbaRule::reason).collect(Collectors.toList());
    }
}
