package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that the deployment replaces, because Kubernetes does not, when the specification that kept them from starting has changed. */
class UnstartablePodTest {

    /** The reasons as kubectl prints them: of containers, of those that run first, of the scheduler. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ' ImagePullBackOff  '              | ImagePullBackOff
            'ImagePullBackOff ErrImagePull  '  | ImagePullBackOff
            ' CrashLoopBackOff '               | CrashLoopBackOff
            '  Unschedulable'                  | Unschedulable
            'PodInitializing InvalidImageName ' | InvalidImageName
            'ContainerCreating  '              | ''
            '  '                               | ''
            """)
    void has_a_reason(String reasons, String reason) {
        Tool.Result result = Tool.run(new ProcessBuilder(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                "source '" + Project.file("dist/lib/deploy.sh") + "'; field() { printf '%s' '" + reasons
                        + "'; }; why_unstartable postgresql-standby-0"));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output().strip()).isEqualTo(reason);
    }
}
