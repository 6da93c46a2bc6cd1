package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.MemorySize;
import java.util.regex.Pattern;

/** The rules that a specification as a whole has to keep. */
final class PostgresqlHaRules {

    /** Kubernetes' names of 63 characters less the longest suffix, {@code -health-check-} and a CronJob's 11 digits. */
    private static final int LONGEST_NAME = 39;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    /** Of Kubernetes itself; what its pods may do would be limited by the labels of this one. */
    private static final Pattern TAKEN_NAMESPACE = Pattern.compile("kube-.*|default");

    private final PostgresqlHaSpec spec;
    private final Violations violations = new Violations("PostgresqlHaSpec");

    private PostgresqlHaRules(PostgresqlHaSpec spec) {
        this.spec = spec;
    }

    static void check(PostgresqlHaSpec spec) {
        PostgresqlHaRules rules = new PostgresqlHaRules(spec);
        rules.names();
        ImageRules.check(spec, rules.violations);
        rules.parameters();
        rules.walSenders();
        rules.memory("primary", spec.primary().resources());
        if (spec.standby().enabled()) {
            rules.memory("standby", spec.standby().resources());
            rules.standbyVolumes();
        }
        rules.wal();
        FailoverRules.check(spec, rules.violations);
        ExtensionRules.check(spec, rules.violations);
        DeclaredRules.check(spec, rules.violations);
        AirflowRules.check(spec, rules.violations);
        PoolerRules.check(spec, rules.violations);
        ImportRules.check(spec, rules.violations);
        ObservabilityRules.check(spec, rules.violations);
        rules.violations.throwIfAny();
    }

    private void names() {
        requireLabel("name", spec.name(), LONGEST_NAME);
        // A CronJob of its own has one character more: NAME-offsite-fetch.
        if (spec.backup().offsite().isPresent()) {
            requireLabel("name", spec.name(), LONGEST_NAME - 1);
        }
        violations.require(
                spec.name().isEmpty() || !Character.isDigit(spec.name().charAt(0)),
                "name",
                "must begin with a letter, got '" + spec.name() + "'; Services need that");
        requireLabel("namespace", spec.namespace(), 63);
        violations.require(
                !TAKEN_NAMESPACE.matcher(spec.namespace()).matches(),
                "namespace",
                "must be none of Kubernetes' own, which would get this product's labels and policies, got '"
                        + spec.namespace() + "'; choose another");
        RoleNames.check("databaseName", spec.databaseName(), violations);
        RoleNames.check("databaseOwner", spec.databaseOwner(), violations);
        spec.credentials()
                .existingSecret()
                .ifPresent(secret ->
                        KubernetesNames.checkName("credentials.existingSecret", secret, "a Secret", violations));
        for (int i = 0; i < spec.imagePullSecrets().size(); i++) {
            KubernetesNames.checkName(
                    "imagePullSecrets[" + i + "]", spec.imagePullSecrets().get(i), "a Secret", violations);
        }
    }

    private void requireLabel(String path, String value, int longest) {
        violations.require(
                LABEL.matcher(value).matches() && value.length() <= longest,
                path,
                "must be 1 to " + longest + " of a-z, 0-9 and -, with a letter or digit at both ends, got '" + value
                        + "' (" + value.length() + " characters); choose such a name");
    }

    private void parameters() {
        spec.configuration().parameters().forEach((name, value) -> {
            String path = "configuration.parameters." + name;
            ParameterNames.problem(spec.postgresVersion(), name)
                    .ifPresent(problem -> violations.require(false, path, problem));
            violations.require(
                    !spec.audit().sets(name),
                    path,
                    "is what audit: " + spec.audit() + " sets, got '" + value + "'; remove it, or set audit to off");
            violations.require(
                    !name.equals("io_method") || !value.strip().equals("io_uring"),
                    path,
                    "must be worker or sync, got '" + value
                            + "': the seccomp profile of the pods forbids io_uring, and the server would not start; use worker");
        });
    }

    private void walSenders() {
        int standby = spec.standbys();
        int archiver = spec.backup().walArchive().enabled() ? 1 : 0;
        int needed = standby + archiver + 1;
        int senders = spec.configuration().maxWalSenders();
        violations.require(
                senders >= needed && senders <= 100,
                "configuration.maxWalSenders",
                "must be " + needed + " to 100 (" + standby + " for standbys, " + archiver
                        + " for the WAL archiver, 1 for a base backup), got " + senders + "; set it to " + needed
                        + " or more");
    }

    private void memory(String instance, ResourcesSpec resources) {
        MemorySize buffers = MemoryTuning.sharedBuffers(spec);
        violations.require(
                resources.requests().memory().getNumericalAmount().longValue() >= 2 * buffers.bytes(),
                instance + ".resources.requests.memory",
                "must be at least twice configuration.sharedBuffers " + buffers + ", got "
                        + resources.requests().memory() + "; raise it or lower sharedBuffers");
    }

    private void standbyVolumes() {
        requireAsLarge(
                "data",
                spec.primary().storage().data().bytes(),
                spec.standby().storage().data().bytes());
        requireAsLarge(
                "wal",
                spec.primary().storage().wal().bytes(),
                spec.standby().storage().wal().bytes());
    }

    private void requireAsLarge(String volume, long primary, long standby) {
        violations.require(
                standby >= primary,
                "standby.storage." + volume + ".size",
                "must not be smaller than the primary's " + gibibytes(primary) + ", got " + gibibytes(standby)
                        + "; it holds the same data, raise it");
    }

    private void wal() {
        long volume = spec.primary().storage().wal().bytes();
        long largest = size("max_wal_size");
        violations.require(
                largest <= volume / 2,
                "configuration.parameters.max_wal_size",
                "must be at most half of primary.storage.wal.size " + gibibytes(volume)
                        + ", got " + spec.configuration().parameters().get("max_wal_size")
                        + ": slots and archiving need the rest; lower it or raise the volume");
        long smallest = size("min_wal_size");
        violations.require(
                smallest == 0 || largest == 0 || smallest < largest,
                "configuration.parameters.min_wal_size",
                "must be less than max_wal_size, got "
                        + spec.configuration().parameters().get("min_wal_size") + "; lower it");
    }

    /** A size among the free parameters; 0 where the specification leaves it to the product or to PostgreSQL's own units. */
    private long size(String parameter) {
        String text = spec.configuration().parameters().getOrDefault(parameter, "");
        return MemorySize.parse(text).map(MemorySize::bytes).orElse(0L);
    }

    private static String gibibytes(long bytes) {
        return bytes / (1L << 30) + "Gi";
    }
}
