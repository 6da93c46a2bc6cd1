package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.FromDatabaseSpec;
import io.github.postgresqlha.spec.SecretKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The database of another server that the first data of the primary instance are copied from.
 *
 * @param spec as the specification has it
 */
public record ImportSource(FromDatabaseSpec spec) {

    private static final String NAME = "import";

    /** Where the container has the password and the authority's certificate. */
    public static final String DIRECTORY = "/etc/postgresql/import";

    /** That of an installation; empty where its first data are not imported. */
    public static Optional<ImportSource> of(Installation installation) {
        return installation.spec().bootstrap().fromDatabase().map(ImportSource::new);
    }

    /** Its files. The pod starts without them: they are needed once. */
    public Volume volume() {
        Map<String, List<KeyToPath>> files = new TreeMap<>();
        add(files, spec.passwordSecret(), "password");
        spec.ca().ifPresent(ca -> add(files, ca, "ca.crt"));
        return Volumes.secrets(NAME, files, true);
    }

    private static void add(Map<String, List<KeyToPath>> files, SecretKeySpec key, String file) {
        files.computeIfAbsent(key.secret(), secret -> new ArrayList<>()).add(new KeyToPath(key.key(), null, file));
    }

    /** Where the container has it. */
    public VolumeMount mount() {
        return Volumes.readOnlyMount(NAME, DIRECTORY);
    }

    /** What the scripts are told. */
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "IMPORT_HOST", spec.host(),
                "IMPORT_PORT", String.valueOf(spec.port()),
                "IMPORT_DATABASE", spec.database(),
                "IMPORT_USER", spec.user(),
                "IMPORT_SSLMODE", spec.sslmode().toString(),
                "IMPORT_DIRECTORY", DIRECTORY));
        if (spec.whileInUse()) {
            environment.put("IMPORT_WHILE_IN_USE", "yes");
        }
        if (!spec.withoutExtensions().isEmpty()) {
            environment.put("IMPORT_WITHOUT_EXTENSIONS", String.join(",", spec.withoutExtensions()));
        }
        if (!spec.withoutSchemas().isEmpty()) {
            environment.put("IMPORT_WITHOUT_SCHEMAS", String.join(",", spec.withoutSchemas()));
        }
        return environment;
    }
}
