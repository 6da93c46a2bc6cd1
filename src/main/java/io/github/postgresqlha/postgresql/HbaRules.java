package io.github.postgresqlha.postgresql;

import java.util.List;
import java.util.stream.Collectors;

/** The records of {@code pg_hba.conf}, in the order in which PostgreSQL tries them. */
public record HbaRules(List<HbaRule> rules) {

    public HbaRules {
        rules = List.copyOf(rules);
    }

    /**
     * What the product's own roles and the owner of its database need, and nothing else.
     *
     * @param method how passwords are checked: {@code scram-sha-256} or {@code md5}
     */
    public static HbaRules of(Identifier database, Identifier owner, String method) {
        String name = database.value();
        return new HbaRules(List.of(
                HbaRule.local("peer map=" + IdentMap.NAME, "kubectl exec: the pod's own user, by pg_ident.conf"),
                HbaRule.host("replication", List.of("replicator"), method, "standby, WAL archiver, base backup"),
                HbaRule.host("postgres", List.of("monitor", "rewinder"), method, "health check, pg_rewind"),
                HbaRule.host("postgres", List.of("backup"), method, "the end of a base backup"),
                HbaRule.host("all", List.of("postgres"), method, "restore, which may run beside another instance"),
                HbaRule.host(name, List.of(owner.value()), method, "the application"),
                HbaRule.host(name, List.of("backup"), method, "dumps"),
                HbaRule.rejectOthers()));
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
