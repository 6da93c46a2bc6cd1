package io.github.postgresqlha.backup;

import io.github.postgresqlha.kubernetes.Cidr;
import io.github.postgresqlha.kubernetes.ResourceAmountsSpec;
import io.github.postgresqlha.kubernetes.ResourcesSpec;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.Key;
import io.github.postgresqlha.spec.SpecStyle;
import io.github.postgresqlha.spec.Violations;
import java.util.List;
import org.immutables.value.Value;

/**
 * The copy of the backups outside of the cluster, at any place that rclone knows.
 *
 * @see <a href="https://rclone.org/overview/">rclone's storage systems</a>
 */
@Value.Immutable
@SpecStyle
public interface OffsiteSpec {

    /** Where to, as rclone writes it: {@code offsite:bucket/postgresql}. Required; each installation needs a path of its own. */
    @Key(
            "Where the copy goes, as rclone writes it: offsite:bucket/postgresql; each installation needs a path of its own")
    String remote();

    /** The Secret whose key {@code rclone.conf} defines the remote. Required; its values never stand in the specification. */
    @Key("Secret whose key rclone.conf defines the remote")
    String secret();

    /** Whether the remote is of rclone's type crypt: then copies are compared by its encrypted hashes. Default: false. */
    @Key("Whether the remote is of rclone's type crypt, defined with its keys in the same Secret; default false")
    default boolean encrypted() {
        return false;
    }

    /** The image with rclone. Default: {@code docker.io/rclone/rclone:1.70.3}. */
    @Key("Image with rclone; default docker.io/rclone/rclone:1.70.3")
    default String image() {
        return "docker.io/rclone/rclone:1.70.3";
    }

    /** When it runs, in UTC. Default: every ten minutes; what was written since then is lost with the cluster. */
    @Key("When the copy runs, in UTC; default every ten minutes")
    default CronSchedule schedule() {
        return new CronSchedule("*/10 * * * *");
    }

    /** How many days a copy is kept, by the date in its name; the newest ones are kept whatever their age. Default: 30. */
    @Key("How many days a copy is kept; the newest dump and the newest base backup with its WAL always are; default 30")
    default int retentionDays() {
        return 30;
    }

    /** Addresses of the remote. Default: none, which means any. */
    @Key("Addresses of the remote (CIDR); none: any")
    List<String> egressCidrs();

    /** The remote's TCP port. Default: 443. */
    @Key("TCP port of the remote; default 443")
    default int egressPort() {
        return 443;
    }

    /** What a run asks for. Default: 100m CPU and 128Mi requested, 1 and 512Mi at most. */
    @Key("Processor and memory of a run")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("100m", "128Mi"), ResourceAmountsSpec.of("1", "512Mi"));
    }

    /** Age of the last complete copy in minutes from which on the health check warns: three runs, and an hour for a large one. */
    static long maxAgeMinutes(OffsiteSpec spec) {
        return 3 * spec.schedule().longestGap().toMinutes() + 60;
    }

    @Value.Check
    default void check() {
        Violations violations = new Violations("OffsiteSpec");
        violations.require(
                remote().matches("[A-Za-z0-9_.-]+:[A-Za-z0-9_./-]*[A-Za-z0-9_.-]"),
                "remote",
                "must be a remote of rclone.conf, a colon and a path, got '" + remote()
                        + "'; write it like offsite:bucket/postgresql");
        violations.require(
                secret().matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
                "secret",
                "must be the name of a Secret, got '" + secret() + "'; put rclone.conf into one and name it here");
        violations.require(
                image().matches("[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})")
                        && !image().endsWith(":latest"),
                "image",
                "must have a tag that says what runs, got '" + image() + "'; write it like rclone/rclone:1.70.3");
        violations.require(
                retentionDays() >= 1, "retentionDays", "must be at least 1, got " + retentionDays() + "; raise it");
        violations.require(
                egressPort() >= 1 && egressPort() <= 65535,
                "egressPort",
                "must be 1 to 65535, got " + egressPort() + "; name the remote's TCP port");
        for (int i = 0; i < egressCidrs().size(); i++) {
            String range = egressCidrs().get(i);
            violations.require(
                    Cidr.matches(range),
                    "egressCidrs[" + i + "]",
                    "is no range of addresses, got '" + range + "'; write it like 10.0.0.1/32");
        }
        violations.throwIfAny();
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link OffsiteSpec}. */
    class Builder extends ImmutableOffsiteSpec.Builder {
        Builder() {}
    }
}
