package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.Audit;

/** Who gets in, as whom, and what is noted of it. */
public interface Security {

    /** Who may connect. */
    @Key("Who may connect")
    default NetworkSpec network() {
        return NetworkSpec.builder().build();
    }

    /** What the namespace demands of pods. Default: the level {@code baseline}. */
    @Key("What the namespace demands of pods, and what the product's pods give up beyond that")
    default PodSecuritySpec podSecurity() {
        return PodSecuritySpec.builder().build();
    }

    /** What the Kubernetes API refuses. Default: nothing. */
    @Key("What the Kubernetes API refuses: pods that pose as the installation's, deletion of its data")
    default AdmissionSpec admission() {
        return AdmissionSpec.builder().build();
    }

    /** Where the passwords come from. */
    @Key("Where the passwords come from")
    default CredentialsSpec credentials() {
        return CredentialsSpec.builder().build();
    }

    /** How connections are encrypted and members known. */
    @Key("How connections are encrypted, and members known from impostors")
    default TlsSpec tls() {
        return TlsSpec.builder().build();
    }

    /**
     * Which statements the log holds: {@code off}, {@code ddl}, {@code writes} or {@code all}; beside them each session's begin and end.
     * Default: {@code off}. The values in a statement are in the log then, the password of an {@code ALTER ROLE} among them; where
     * {@code shared_preload_libraries} has pgaudit, that writes them and leaves such a password out. A change is reloaded.
     *
     * @see <a href="https://www.postgresql.org/docs/17/runtime-config-logging.html#GUC-LOG-STATEMENT">log_statement</a>
     */
    @Key(
            "Which statements the log holds, with the values in them: off, ddl, writes or all; by pgAudit where that is loaded")
    default Audit audit() {
        return Audit.OFF;
    }
}
