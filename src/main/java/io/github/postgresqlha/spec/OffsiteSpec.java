package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.schedule.CronSchedule;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
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

    /** The Secret whose key {@code rclone.conf} defines the remote. Required unless {@link #rclone()} does. */
    @Key("Secret whose key rclone.conf defines the remote; none where rclone does")
    Optional<String> secret();

    /**
     * What rclone.conf would say of the remote where its pod has an identity of the cloud's, so that there is no Secret: {@code type},
     * {@code env_auth}, {@code region} and so on, in rclone's own names. Types are {@code s3}, {@code google cloud storage},
     * {@code azureblob}, {@code azurefiles} and {@code oracleobjectstorage}; keys are those which hold no secret. Everything else is refused
     * and belongs into the Secret. Default: none.
     *
     * @see <a href="https://rclone.org/docs/#environment-variables">rclone's environment variables</a>
     */
    @Key(
            "Keys of the remote as rclone.conf has them, where the pod's identity opens it: {type: s3, env_auth: true}; no secrets; none: the Secret's")
    @Value.NaturalOrder
    SortedMap<String, String> rclone();

    /**
     * Annotations of the ServiceAccount of the copy's jobs, by which a cloud knows them: {@code eks.amazonaws.com/role-arn},
     * {@code iam.gke.io/gcp-service-account}, {@code azure.workload.identity/client-id}. Default: none.
     *
     * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html">AWS: IAM roles for service accounts</a>
     */
    @Key(
            "Annotations of the ServiceAccount of the copy's jobs, as eks.amazonaws.com/role-arn; with these or rclone they have one of their own")
    @Value.NaturalOrder
    SortedMap<String, String> serviceAccountAnnotations();

    /** Labels of the copy's pods that a cloud asks for, as {@code azure.workload.identity/use: "true"}. Default: none. */
    @Key("Labels of the copy's pods that a cloud asks for, as azure.workload.identity/use")
    @Value.NaturalOrder
    SortedMap<String, String> podLabels();

    /** Where a pod asks for its identity, when that is not the remote's port: {@code 169.254.169.254:80} in GKE. Default: none. */
    @Key("Where a pod asks for its identity, as 169.254.169.254:80; the policy lets it")
    List<String> identityEndpoints();

    /**
     * Whether the remote is of rclone's type crypt: then copies are compared by its encrypted hashes. Required, because no answer is
     * right for everyone: what is not encrypted can be read by whoever reads the bucket, and what is encrypted is lost with its passwords.
     *
     * @see <a href="https://rclone.org/crypt/">rclone's crypt</a>
     */
    @Key(
            "Whether the remote is of rclone's type crypt. true: its passwords stand in the Secret, and without them the copy is lost; false: whoever reads the bucket reads the database. Must be given")
    Optional<Boolean> encrypted();

    /**
     * Whether the copy may delete, move and write over what is there. False: it only adds, as in a bucket with object lock; what is old
     * goes by the bucket's lifecycle, which has to be longer than {@code retentionDays} and longer than any time without a new base backup,
     * and a damaged copy is an error that a person settles. Default: true.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">S3 Object Lock</a>
     */
    @Key(
            "Whether the copy may delete, move and write over what is there; false for a bucket with object lock, whose lifecycle is the retention then; default true")
    default boolean deletes() {
        return true;
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
    @Internal
    @Value.NonAttribute
    default long maxAgeMinutes() {
        return 3 * schedule().longestGap().toMinutes() + 60;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("OffsiteSpec");
        violations.require(
                remote().matches("[A-Za-z0-9][A-Za-z0-9_.-]*:(?!//)[A-Za-z0-9_./-]*[A-Za-z0-9_.-]"),
                "remote",
                // Not repeated: rclone takes a secret between the two.
                "must be a remote of rclone.conf, a colon and a path, and begin with a letter or digit, without //; write it like offsite:bucket/postgresql");
        OffsiteRules.check(this, violations);
        violations.require(
                encrypted().isPresent(),
                "encrypted",
                "must be given, got nothing; true: the remote is of rclone's type crypt, and the copy is lost with its passwords;"
                        + " false: whoever can read the bucket can read the database");
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

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link OffsiteSpec}. */
    class Builder extends ImmutableOffsiteSpec.Builder {
        Builder() {}
    }
}
