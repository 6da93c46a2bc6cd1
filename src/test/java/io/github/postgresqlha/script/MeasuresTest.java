package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor measures of its container, on folders that look like control groups of both versions. */
class MeasuresTest {

    private static final String BEGIN =
            "source \"${script_dir}/upkeep/measures.sh\"; CGROUP_DIRECTORY=${home}/cgroup; ";

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @Test
    void processor_and_memory_of_version_2() throws IOException {
        file("cpu.stat", "usage_usec 70000000\nuser_usec 1\n");
        file("cpu.max", "50000 100000\n");
        file("memory.current", "900\n");
        file("memory.max", "1000\n");
        file("memory.stat", "anon 1\ninactive_file 400\nactive_file 3\n");
        assertThat(
                        run(
                                "now=1100; printf '1000 10000000\\n' >\"${RUNTIME_DIRECTORY}/history.cpu\"; list_processor; list_memory"))
                .isEqualTo("cpu_percent=120\nmemory_percent=50\n");
    }

    @Test
    void processor_and_memory_of_version_1() throws IOException {
        file("cpuacct/cpuacct.usage", "40000000000\n");
        file("cpu/cpu.cfs_quota_us", "100000\n");
        file("cpu/cpu.cfs_period_us", "100000\n");
        file("memory/memory.usage_in_bytes", "900\n");
        file("memory/memory.limit_in_bytes", "1000\n");
        file("memory/memory.stat", "cache 5\ntotal_inactive_file 100\n");
        assertThat(
                        run(
                                "now=1100; printf '1000 10000000\\n' >\"${RUNTIME_DIRECTORY}/history.cpu\"; list_processor; list_memory"))
                .isEqualTo("cpu_percent=30\nmemory_percent=80\n");
    }

    @Test
    void without_limits_or_files_nothing_is_said() throws IOException {
        assertThat(run("list_processor || true; list_memory")).isEmpty();
        file("memory.current", "900\n");
        file("memory.max", "max\n");
        assertThat(run("list_memory")).isEmpty();
    }

    @Test
    void a_volume_is_full_when_it_grows_on_as_in_the_last_day() {
        String volume =
                "df() { printf 'Used Avail\\n7000 6000\\n'; }; now=%d; printf '1000 1000\\n' >\"${RUNTIME_DIRECTORY}/history.data\"; list_growth data x || true";
        assertThat(run(volume.formatted(4600))).isEqualTo("data_growth=144000\ndata_hours_left=0\n");
        assertThat(run(volume.formatted(22600))).isEqualTo("data_growth=24000\ndata_hours_left=5\n");
        assertThat(run(volume.formatted(4000))).as("less than an hour").isEmpty();
        assertThat(run(volume.formatted(4600).replace("7000", "400"))).isEqualTo("data_growth=-14400\n");
    }

    @Test
    void a_configuration_that_was_changed_by_hand_is_another_one() {
        String configuration =
                "CONFIG_DIRECTORY=${home}; echo a >\"${home}/a.conf\"; echo b >\"${home}/b.conf\"; sum=$(printf 'a\\nb\\n' | sha256sum); echo \"CONFIGURATION_SUM=${sum%% *}\" >\"${home}/health.env\"; rm -rf -- \"${home}/data\" \"${home}/wal\" \"${home}/tmp\"; ";
        assertThat(run(configuration + "list_configuration")).isEqualTo("configuration=same\n");
        assertThat(run(configuration + "echo c >>\"${home}/b.conf\"; list_configuration"))
                .isEqualTo("configuration=other\n");
    }

    private String run(String program) {
        return functions.run(BEGIN + program).output();
    }

    private void file(String path, String content) throws IOException {
        Path file = folder.resolve("cgroup").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
