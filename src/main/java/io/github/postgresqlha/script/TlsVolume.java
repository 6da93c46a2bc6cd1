package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Volumes;
import java.util.List;
import java.util.Optional;

/** The Secret of the members' certificate as pods have it; nothing where there is no TLS. Whoever asks a member trusts its authority. */
public final class TlsVolume {

    private static final String NAME = "tls";
    private static final String AUTHORITY = "ca.crt";

    private TlsVolume() {}

    /** All of it, for a member. */
    public static Optional<Volume> ofMember(Installation installation) {
        return of(installation, List.of());
    }

    /** Whom a job trusts. */
    static Optional<Volume> ofJob(Installation installation) {
        return of(installation, List.of(AUTHORITY));
    }

    /** A pod whose Secret is not there yet starts, and says what it waits for. */
    private static Optional<Volume> of(Installation installation, List<String> keys) {
        return installation.hasTls()
                ? Optional.of(new VolumeBuilder(Volumes.secret(NAME, installation.tlsSecretName(), keys))
                        .editSecret()
                        .withOptional(true)
                        .endSecret()
                        .build())
                : Optional.empty();
    }

    /** A folder, which follows the Secret: a subPath would not. */
    public static Optional<VolumeMount> mount(Installation installation) {
        return installation.hasTls()
                ? Optional.of(Volumes.readOnlyMount(NAME, ScriptEnvironment.TLS_DIRECTORY))
                : Optional.empty();
    }

    /** The authority's file in a job. */
    static String authority() {
        return ScriptEnvironment.TLS_DIRECTORY + "/" + AUTHORITY;
    }
}
