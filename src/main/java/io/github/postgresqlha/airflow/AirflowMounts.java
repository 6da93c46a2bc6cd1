package io.github.postgresqlha.airflow;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Volumes;
import java.util.ArrayList;
import java.util.List;

/** What Airflow's containers mount of the kit: folders, so that what changes in them is seen. */
public final class AirflowMounts {

    private AirflowMounts() {}

    /** The file of the authority that signed the members' certificate. */
    static String authority(Installation installation) {
        return "/" + installation.names().ca() + "/ca.crt";
    }

    /** The file of the owner's password. */
    static String password(Installation installation) {
        return "/" + installation.names().airflow() + "/password";
    }

    /** The volumes: each has the name of its Secret or ConfigMap. */
    public static List<Volume> volumes(Installation installation) {
        List<Volume> volumes = new ArrayList<>(List.of(Volumes.secret(
                installation.names().airflow(), installation.names().airflow(), List.of("password"))));
        if (installation.hasTls()) {
            volumes.add(Volumes.configMap(
                    installation.names().ca(), installation.names().ca()));
        }
        return volumes;
    }

    /** Where they are. */
    public static List<VolumeMount> mounts(Installation installation) {
        return volumes(installation).stream()
                .map(volume -> Volumes.readOnlyMount(volume.getName(), "/" + volume.getName()))
                .toList();
    }
}
