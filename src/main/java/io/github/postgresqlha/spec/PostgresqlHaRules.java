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
        ParameterRules.check(spec, rules.violations);
        rules.memory("primary", spec.primary().resources());
        if (spec.standby().enabled()) {
            rules.memory("standby", spec.standby().resources());
            rules.standbyVolumes();
        }
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
                "must not be smaller than the primary's " + Quantities.gibibytes(primary) + ", got "
                        + Quantities.gibibytes(standby) + "; it holds the same data, raise it");
    }
}
