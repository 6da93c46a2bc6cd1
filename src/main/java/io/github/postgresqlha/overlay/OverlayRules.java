package io.github.postgresqlha.overlay;

import io.github.postgresqlha.spec.CredentialsSpec;
import io.github.postgresqlha.spec.Failover;
import io.github.postgresqlha.spec.ImagePullPolicy;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.TlsMode;
import io.github.postgresqlha.spec.Violations;

/** What an overlay of the chart cannot express: it is applied as it is, by anybody, beside a release in its namespace. */
final class OverlayRules {

    private final PostgresqlHaSpec spec;
    private final Violations violations = new Violations("airflow-overlay");

    private OverlayRules(PostgresqlHaSpec spec) {
        this.spec = spec;
    }

    static void check(PostgresqlHaSpec spec) {
        OverlayRules rules = new OverlayRules(spec);
        rules.place();
        rules.images();
        rules.credentials();
        rules.companions();
        rules.violations.throwIfAny();
    }

    private void place() {
        require(
                spec.name().length() <= Placeholders.LONGEST_NAME,
                "name",
                "must be at most " + Placeholders.LONGEST_NAME
                        + " characters in an overlay, because the release's name stands before it, got '" + spec.name()
                        + "'; shorten it");
        require(
                spec.namespace().equals(PostgresqlHaSpec.builder().build().namespace()),
                "namespace",
                "is that of the release in an overlay, got '" + spec.namespace() + "'; leave it out");
        require(
                spec.airflow().enabled(),
                "airflow.enabled",
                "must be true in an overlay, which is Airflow's, got false; leave it out");
        require(
                spec.airflow().namespace().isEmpty(),
                "airflow.namespace",
                "is that of the release in an overlay, got '"
                        + spec.airflow().namespace().orElse("") + "'; leave it out");
    }

    private void images() {
        require(
                spec.imagePullPolicy() == ImagePullPolicy.IF_NOT_PRESENT,
                "imagePullPolicy",
                "must be IfNotPresent in an overlay, whose images are loaded before it is applied, got "
                        + spec.imagePullPolicy() + "; leave it out");
        for (int i = 0; i < spec.sidecars().size(); i++) {
            String policy = String.valueOf(spec.sidecars().get(i).getImagePullPolicy());
            require(
                    policy.equals(ImagePullPolicy.IF_NOT_PRESENT.toString()),
                    "sidecars[" + i + "].imagePullPolicy",
                    "must be IfNotPresent in an overlay, whose images are loaded before it is applied, got " + policy
                            + "; write IfNotPresent");
        }
        require(
                spec.failover() == Failover.MANUAL,
                "failover",
                "must be manual in an overlay, which has public images alone, got " + spec.failover()
                        + "; Patroni needs one of your own: synthesize dist/ for that");
    }

    private void credentials() {
        CredentialsSpec credentials = spec.credentials();
        require(
                credentials.isGenerated() && credentials.keys().isEmpty(),
                "credentials",
                "must be generated in an overlay, whose Job fills the Secret of the passwords, got another way; leave it out");
        require(
                spec.tls().mode() == TlsMode.GENERATED,
                "tls.mode",
                "must be generated in an overlay, whose Job makes the certificate, got "
                        + spec.tls().mode() + "; leave it out");
    }

    private void companions() {
        require(
                !spec.admission().enabled(),
                "admission.enabled",
                "must be false in an overlay, which has objects of the release's namespace alone, got true; leave it out");
        require(
                !spec.metrics().enabled() && !spec.alerts().prometheusRule(),
                "metrics.enabled",
                "must be false in an overlay, because queries and alerts name replication slots, which no placeholder fits into, got true; synthesize dist/ for them");
        require(
                spec.replication().durability().isEmpty(),
                "replication.synchronous",
                "must be false in an overlay, because postgresql.conf then names members, and the health check knows its checksum from synthesis, got "
                        + spec.replication().synchronous() + "; synthesize dist/ for it");
        require(
                spec.extraObjects().isEmpty(),
                "extraObjects",
                "must be empty in an overlay, got " + spec.extraObjects().size()
                        + "; list them in the kustomization.yaml that takes it");
    }

    private void require(boolean holds, String path, String message) {
        violations.require(holds, path, message);
    }
}
