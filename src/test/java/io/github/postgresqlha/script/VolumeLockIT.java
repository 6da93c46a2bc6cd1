package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use a volume: one supervisor and its server, whatever the lock files of those before it say. */
class VolumeLockIT {

    private static LocalPair pair;
    private static LocalInstance instance;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        instance = pair.primary().start().awaitRole("primary").createRows();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void starts_although_the_process_of_stale_lock_files_lives() throws IOException {
        instance.insert(5, "stale");
        String rows = instance.rows();
        instance.kill();
        Process bystander = pair.local().process(Map.of(), "sleep", "300").start();
        try {
            Path socket = Path.of(
                    instance.environment("SOCKET_DIRECTORY"), ".s.PGSQL." + instance.environment("PGPORT") + ".lock");
            for (Path lock : new Path[] {instance.data().resolve("postmaster.pid"), socket}) {
                Files.writeString(lock, Project.read(lock).replaceFirst("^[0-9]+", String.valueOf(bystander.pid())));
            }
            instance.start().awaitRole("primary");
            assertThat(bystander.isAlive()).isTrue();
            assertThat(instance.rows()).isEqualTo(rows);
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    void refuses_a_second_pod_and_leaves_the_first_alone() {
        String elsewhere = pair.local().makeFolder("second-pod").toString();
        Map<String, String> second = Map.of(
                "RUNTIME_DIRECTORY", elsewhere,
                "SOCKET_DIRECTORY", elsewhere,
                "PGPORT", String.valueOf(LocalPostgres.freePort()));
        long server = instance.postmaster();
        instance.touchTrigger();
        Tool.Result result = instance.script(second, "instance.sh");
        assertThat(result.status()).isEqualTo(75);
        assertThat(result.output()).contains("the volume is in use by another instance");
        instance.insert(5, "first");
        assertThat(instance.isAlive()).isTrue();
        assertThat(instance.postmaster()).isEqualTo(server);
    }

    @Test
    void refuses_the_volume_of_a_server_whose_supervisor_is_gone() {
        long orphan = instance.postmaster();
        instance.killSupervisor();
        instance.start();
        assertThat(instance.exitStatus()).isEqualTo(75);
        assertThat(instance.news()).contains("the volume is in use by another instance");
        instance.insert(5, "orphan");
        String rows = instance.rows();
        assertThat(instance.postmaster()).isEqualTo(orphan);
        instance.killServer(orphan);
        instance.start().awaitRole("primary");
        assertThat(instance.rows()).isEqualTo(rows);
    }
}
