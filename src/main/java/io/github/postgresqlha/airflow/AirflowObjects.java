package io.github.postgresqlha.airflow;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.github.postgresqlha.credentials.ConnectionSecret;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The connection kit. The Secret of its URLs is no object here: the deploy script makes it, or External Secrets. */
public final class AirflowObjects {

    private static final String SETTINGS = "airflow_local_settings.py";

    private AirflowObjects() {}

    /** Its objects, in Airflow's namespace; none where the specification wants no kit. */
    public static List<HasMetadata> of(Installation installation) {
        if (!installation.spec().airflow().enabled()) {
            return List.of();
        }
        List<HasMetadata> objects = new ArrayList<>();
        ConnectionSecret.of(
                        metadata(installation, installation.names().airflow()),
                        installation,
                        AirflowUrls.of(installation).stream()
                                .map(url -> new ConnectionSecret.Value(
                                        url.key(), url.source().role(), url.url()))
                                .toList())
                .ifPresent(objects::add);
        objects.add(new ConfigMapBuilder()
                .withMetadata(metadata(installation, installation.names().airflowEnvironment()))
                .withData(AirflowEnvironment.of(installation))
                .build());
        objects.add(new ConfigMapBuilder()
                .withMetadata(metadata(installation, installation.names().airflowSettings()))
                .withData(Map.of(SETTINGS, settings()))
                .build());
        objects.add(new MigrationCronJob(installation).object());
        return objects;
    }

    static ObjectMeta metadata(Installation installation, String name) {
        return new ObjectMetaBuilder(installation.metadata(name, Component.AIRFLOW))
                .withNamespace(namespace(installation))
                .build();
    }

    /** Where Airflow runs. */
    public static String namespace(Installation installation) {
        return installation
                .spec()
                .airflow()
                .namespace()
                .orElse(installation.names().namespace());
    }

    /** The file for Airflow's folder {@code config}. */
    public static String settings() {
        try (InputStream file = AirflowObjects.class.getResourceAsStream(SETTINGS)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
