package io.github.postgresqlha.edit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtectedTest {

    private static final String POD = "spec.template.spec.";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            StatefulSet           | containers[postgresql].volumeMounts[/var/lib/postgresql/data].subPath | programs read and write there
            StatefulSet           | containers[postgresql].volumeMounts[/scripts].mountPropagation        | programs read and write there
            StatefulSet           | containers[postgresql].envFrom                                        | its names are not known here
            StatefulSet           | volumes[data].persistentVolumeClaim.readOnly                          | programs read and write there
            StatefulSet           | volumes[secret].secret.items                                          | programs read and write there
            StatefulSet           | volumes[tmp].emptyDir.medium                                          | programs read and write there
            Deployment            | shareProcessNamespace                                                 | process 1 of its container
            StatefulSet           | setHostnameAsFQDN                                                     | other members know it
            """)
    void holds_what_would_break_a_pod(String kind, String path, String reason) {
        assertThat(Protected.isForbidden(kind, POD + path)).isTrue();
        assertThat(Protected.reason(kind, POD + path)).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            StatefulSet           | spec.ordinals                                   | by its number 0
            StatefulSet           | spec.volumeClaimTemplates                       | claims of its own
            StatefulSet           | spec.updateStrategy.rollingUpdate               | Kubernetes replaces a pod
            Service               | spec.publishNotReadyAddresses                   | members that do not serve
            CronJob               | spec.jobTemplate.spec.parallelism               | one pod of a job at a time
            CronJob               | spec.jobTemplate.spec.completions               | one pod of a job at a time
            ConfigMap             | immutable                                       | cannot change it any more
            Secret                | immutable                                       | cannot change it any more
            ConfigMap             | metadata.labels.postgresqlha.github.io/mine     | keys below postgresqlha.github.io/
            StatefulSet           | spec.template.metadata.annotations.postgresqlha.github.io/mine | keys below postgresqlha.github.io/
            PersistentVolumeClaim | spec.selector.matchLabels.disk                  | no StorageClass makes a volume
            StatefulSet           | spec.selector.matchLabels.disk                  | find the pods by it
            """)
    void holds_what_would_break_another_object(String kind, String path, String reason) {
        assertThat(Protected.isForbidden(kind, path)).isTrue();
        assertThat(Protected.reason(kind, path)).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            StatefulSet           | spec.template.spec.containers[postgresql].volumeMounts[/etc/company-ca]
            StatefulSet           | spec.template.spec.volumes[company-ca]
            StatefulSet           | spec.template.spec.volumes[tmp].emptyDir.sizeLimit
            StatefulSet           | spec.template.spec.containers[postgresql].env[HTTPS_PROXY]
            StatefulSet           | spec.template.metadata.labels.example.org/team
            Service               | spec.sessionAffinity
            """)
    void leaves_other_additions_free(String kind, String path) {
        assertThat(Protected.isForbidden(kind, path)).isFalse();
    }

    /** The procedures rely on it. docs/how-to/extend.md lists what is free. */
    @ParameterizedTest
    @CsvSource({"StatefulSet, spec.updateStrategy.type", "StatefulSet, spec.updateStrategy"})
    void holds_how_pods_are_replaced(String kind, String path) {
        assertThat(Protected.isFree(kind, path)).isFalse();
    }
}
