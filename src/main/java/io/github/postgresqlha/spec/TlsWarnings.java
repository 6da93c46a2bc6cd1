package io.github.postgresqlha.spec;

import java.util.ArrayList;
import java.util.List;

/** What is allowed of TLS and leaves something open all the same. */
final class TlsWarnings {

    private TlsWarnings() {}

    /** A line for each. */
    static List<String> of(PostgresqlHaSpec spec) {
        TlsSpec tls = spec.tls();
        List<String> warnings = new ArrayList<>();
        if (spec.pooler().enabled() && (tls.mode() == TlsMode.OFF || !tls.required())) {
            warnings.add(
                    "pooler.enabled: without TLS that is required PgBouncer tells whoever poses as a member the password of its role,"
                            + " which asks for the verifiers of the clients' passwords; set tls.mode to generated and tls.required to true");
        }
        if (tls.mode() == TlsMode.OFF) {
            warnings.add(
                    "tls.mode: off: whoever is on the network between pods reads what clients and members send, and"
                            + " nobody knows a member from an impostor; generated needs nothing else in the cluster");
            return warnings;
        }
        if (!tls.required()) {
            warnings.add("tls.required: false: members and jobs verify nobody, and clients may connect without TLS; set"
                    + " it to true, or tls.mode to off, when every member has this; docs/how-to/tls.md has the steps");
        }
        int warned = spec.healthMonitor().certificateMinDays();
        if (tls.mode() == TlsMode.CERT_MANAGER && tls.certManager().renewBeforeDays() <= warned) {
            warnings.add(
                    "tls.certManager.renewBeforeDays: " + tls.certManager().renewBeforeDays()
                            + " is not more than healthMonitor.certificateMinDays " + warned
                            + ": the health check warns of each certificate before cert-manager renews it; raise it, or lower the other");
        }
        return warnings;
    }
}
