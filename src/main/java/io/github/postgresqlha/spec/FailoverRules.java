package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.Synchronous;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What has to go together for failover: standbys, their number, and an image with Patroni. */
final class FailoverRules {

    private static final Pattern STOCK_IMAGE = Pattern.compile("(docker\\.io/)?(library/)?postgres[:@].*");

    private static final String PRIORITY = "standby.failoverPriority";

    private static final String DELAY = "standby.applyDelay";

    private FailoverRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        int count = spec.standby().count();
        boolean automatic = spec.failover() == Failover.AUTOMATIC;
        violations.require(
                count >= 1 && count <= 9,
                "standby.count",
                "must be 1 to 9, got " + count + "; for none set standby.enabled to false");
        violations.require(
                count <= 1 || automatic,
                "standby.count",
                "more than one standby needs Patroni, got " + count
                        + " with failover manual; set failover to automatic or count to 1");
        violations.require(
                !automatic || spec.standby().enabled(),
                "failover",
                "automatic needs a standby, got standby.enabled false; enable it or leave failover manual");
        violations.require(
                !automatic || !STOCK_IMAGE.matcher(spec.image()).matches(),
                "image",
                "must have Patroni in it where failover is automatic, got '" + spec.image()
                        + "'; name an image of yours here, and build it from image/Dockerfile of the output");
        violations.require(
                spec.standby().enabled() || spec.replication().synchronous() == Synchronous.FALSE,
                "replication.synchronous",
                "needs a standby, got " + spec.replication().synchronous()
                        + " with standby.enabled false; enable the standby or leave it asynchronous");
        priorities(spec, violations);
        delay(spec, violations);
        quorum(spec, violations);
    }

    private static void priorities(PostgresqlHaSpec spec, Violations violations) {
        List<Integer> priorities = spec.standby().failoverPriority();
        if (priorities.isEmpty()) {
            return;
        }
        violations.require(
                spec.failover() == Failover.AUTOMATIC,
                PRIORITY,
                "needs Patroni, got " + priorities + " with failover manual, where a person chooses; remove it");
        violations.require(
                priorities.size() == spec.standbys(),
                PRIORITY,
                "must be one number for each of " + spec.standbys() + " standbys, got " + priorities
                        + "; the first is of the first standby");
        violations.require(
                priorities.stream().allMatch(priority -> priority >= 0 && priority <= 100),
                PRIORITY,
                "must be numbers of 0 to 100, got " + priorities + "; 1 is the usual one, and 0 never takes over");
        violations.require(
                priorities.stream().anyMatch(priority -> priority > 0),
                PRIORITY,
                "must leave one standby to fail over to, got " + priorities + "; give one of them 1 or more");
    }

    private static void delay(PostgresqlHaSpec spec, Violations violations) {
        spec.standby().applyDelay().ifPresent(delay -> {
            List<Integer> priorities = spec.standby().failoverPriority();
            violations.require(
                    spec.failover() == Failover.AUTOMATIC,
                    DELAY,
                    "needs Patroni, which knows who must not take over, got " + delay
                            + " with failover manual; remove it, or set failover to automatic");
            violations.require(
                    spec.standbys() >= 2,
                    DELAY,
                    "is of the last of two standbys or more, the others take over, got " + delay + " with "
                            + spec.standbys() + "; raise standby.count");
            violations.require(
                    priorities.isEmpty() || priorities.get(priorities.size() - 1) == 0,
                    PRIORITY,
                    "must be 0 for the last standby, which applies WAL late, got " + priorities
                            + "; it never takes over");
        });
    }

    private static void quorum(PostgresqlHaSpec spec, Violations violations) {
        if (spec.replication().synchronous() != Synchronous.QUORUM) {
            return;
        }
        violations.require(
                spec.failover() == Failover.AUTOMATIC,
                "replication.synchronous",
                "quorum needs Patroni, got failover manual; set failover to automatic, or synchronous to true");
        long able = IntStream.rangeClosed(1, spec.standbys())
                .filter(ordinal -> spec.standby().priority(ordinal) > 0)
                .count();
        violations.require(
                able >= 2,
                "replication.synchronous",
                "quorum needs two standbys that can take over, got " + able
                        + "; raise standby.count, or set synchronous to true");
    }
}
