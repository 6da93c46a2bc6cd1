package io.github.postgresqlha.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.BackupVolume;
import io.github.postgresqlha.kubernetes.ComputeResources;
import io.github.postgresqlha.kubernetes.Volumes;
import io.github.postgresqlha.script.ScriptEnvironment;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.script.VolumePod;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreTestPodTest {

    private static final Installation INSTALLATION = Installation.of(Examples.standard());
    private final RestoreTestPod pod = new RestoreTestPod(
            new VolumePod(
                    INSTALLATION,
                    Component.RESTORE_TEST,
                    "postgres:17",
                    List.of(),
                    Scripts.get("restore-test.sh"),
                    new ScriptEnvironment().set("WHO", "prove"),
                    ComputeResources.of(
                            INSTALLATION.spec().backup().restoreTest().resources(), "10Gi", "11Gi"),
                    BackupVolume.of(INSTALLATION),
                    List.of(),
                    List.of(Volumes.mount("scratch", "/scratch"))),
            List.of(Volumes.mount("backup", "/begin")),
            List.of(Volumes.mount("backup", "/record")),
            new ScriptEnvironment().set("WHO", "record"));
    private final PodTemplateSpec template = pod.template("Never");

    @Test
    void it_is_the_installation_s_restore_test() {
        assertThat(pod.installation()).isSameAs(INSTALLATION);
        assertThat(pod.component()).isEqualTo(Component.RESTORE_TEST);
        assertThat(template.getSpec().getRestartPolicy()).isEqualTo("Never");
    }

    @Test
    void the_pod_has_the_labels_of_the_test_and_of_the_backups() {
        assertThat(YamlText.of(template.getMetadata())).isEqualTo("""
                labels:
                  app.kubernetes.io/component: restore-test
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/managed-by: postgresql-ha
                  app.kubernetes.io/name: postgresql
                  app.kubernetes.io/part-of: postgresql-ha
                  app.kubernetes.io/version: "17"
                  postgresqlha.github.io/backup-volume: postgresql-backup
                """);
    }

    @Test
    void begin_is_first() {
        assertThat(YamlText.of(spec().getInitContainers().get(0))).isEqualTo("""
                command:
                  - /scripts/restore-test.sh
                  - begin
                env:
                  - name: WHO
                    value: record
                image: postgres:17
                imagePullPolicy: IfNotPresent
                name: begin
                resources:
                  limits:
                    cpu: 500m
                    ephemeral-storage: 64Mi
                    memory: 128Mi
                  requests:
                    cpu: 10m
                    ephemeral-storage: 32Mi
                    memory: 32Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                volumeMounts:
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /begin
                    name: backup
                """);
    }

    @Test
    void prove_is_second_and_has_what_the_pod_is_for() {
        assertThat(YamlText.of(spec().getInitContainers().get(1))).isEqualTo("""
                command:
                  - /scripts/restore-test.sh
                  - prove
                env:
                  - name: WHO
                    value: prove
                image: postgres:17
                imagePullPolicy: IfNotPresent
                name: prove
                resources:
                  limits:
                    cpu: "2"
                    ephemeral-storage: 11Gi
                    memory: 3Gi
                  requests:
                    cpu: 250m
                    ephemeral-storage: 10Gi
                    memory: 512Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  capabilities:
                    drop:
                      - ALL
                  readOnlyRootFilesystem: true
                volumeMounts:
                  - mountPath: /scripts
                    name: scripts
                    readOnly: true
                  - mountPath: /tmp
                    name: tmp
                  - mountPath: /scratch
                    name: scratch
                """);
    }

    @Test
    void record_is_last() {
        assertThat(spec().getInitContainers()).extracting(Container::getName).containsExactly("begin", "prove");
        assertThat(YamlText.of(spec().getContainers())).isEqualTo("""
                  - command:
                      - /scripts/restore-test.sh
                      - record
                    env:
                      - name: WHO
                        value: record
                    image: postgres:17
                    imagePullPolicy: IfNotPresent
                    name: record
                    resources:
                      limits:
                        cpu: 500m
                        ephemeral-storage: 64Mi
                        memory: 128Mi
                      requests:
                        cpu: 10m
                        ephemeral-storage: 32Mi
                        memory: 32Mi
                    securityContext:
                      allowPrivilegeEscalation: false
                      capabilities:
                        drop:
                          - ALL
                      readOnlyRootFilesystem: true
                    volumeMounts:
                      - mountPath: /scripts
                        name: scripts
                        readOnly: true
                      - mountPath: /tmp
                        name: tmp
                      - mountPath: /record
                        name: backup
                """);
    }

    private PodSpec spec() {
        return template.getSpec();
    }
}
