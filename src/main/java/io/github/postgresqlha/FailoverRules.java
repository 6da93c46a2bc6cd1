package io.github.postgresqlha;

import io.github.postgresqlha.kubernetes.Failover;
import io.github.postgresqlha.spec.Violations;
import java.util.regex.Pattern;

/** What has to go together for failover: standbys, their number, and an image with Patroni. */
final class FailoverRules {

    private static final Pattern STOCK_IMAGE = Pattern.compile("(docker\\.io/)?(library/)?postgres[:@].*");

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
                spec.standby().enabled() || !spec.replication().synchronous(),
                "replication.synchronous",
                "needs a standby, got true with standby.enabled false; enable the standby or leave it asynchronous");
    }
}
