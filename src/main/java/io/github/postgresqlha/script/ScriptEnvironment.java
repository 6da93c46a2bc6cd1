package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment that a pod gives its scripts: plain values only, secrets are files.
 *
 * <p>The names are the interface between manifests and scripts; each script's header lists those that it reads.
 */
public final class ScriptEnvironment {

    /** Where the claims, the configuration and the Secret are mounted. */
    public static final String DATA_MOUNT = "/var/lib/postgresql/data";

    public static final String PGDATA = DATA_MOUNT + "/pgdata";
    public static final String WAL_DIRECTORY = "/var/lib/postgresql/wal";
    public static final String CONFIG_DIRECTORY = "/etc/postgresql";
    public static final String SECRET_DIRECTORY = "/run/secrets/postgresql";
    /** Where the Secret of the certificate is mounted: all of it in members, the authority alone elsewhere. */
    public static final String TLS_DIRECTORY = "/tls";

    public static final String SCRIPT_DIRECTORY = "/scripts";
    public static final String SOCKET_DIRECTORY = "/var/run/postgresql";

    /** A volume in memory: whatever a script writes that holds a password. */
    public static final String PASSFILE_DIRECTORY = "/run/passfile";

    /** The certificate that a member's server uses: what its supervisor has checked of what is mounted. */
    public static final String SERVER_TLS_DIRECTORY = PASSFILE_DIRECTORY + "/tls";

    private final Map<String, EnvVar> values = new LinkedHashMap<>();

    /** Adds a variable with a plain value. Each may be set once. */
    public ScriptEnvironment set(String name, String value) {
        return add(variable(name, value));
    }

    /** Adds a variable whose value is a field of the pod, as {@code status.podIP}. */
    public ScriptEnvironment setField(String name, String fieldPath) {
        return add(new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(fieldPath)
                .endFieldRef()
                .endValueFrom()
                .build());
    }

    private ScriptEnvironment add(EnvVar variable) {
        if (values.putIfAbsent(variable.getName(), variable) != null) {
            throw new IllegalStateException(variable.getName() + " is already set");
        }
        return this;
    }

    /** The variables of a container, in the order in which they were added. */
    public List<EnvVar> variables() {
        return List.copyOf(values.values());
    }

    /** Kubernetes replaces {@code $(NAME)} in values; a doubled dollar sign keeps it as it is. */
    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder()
                .withName(name)
                .withValue(value.replace("$(", "$$("))
                .build();
    }
}
