package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The job that takes base backups of a pair, as one of its members runs it, and those that its repository has. */
final class BaseBackups {

    private final LocalPair pair;
    private final LocalInstance member;

    BaseBackups(LocalPair pair, LocalInstance member) {
        this.pair = pair;
        this.member = member;
    }

    Path folder() {
        return pair.local().folder().resolve("backups/base");
    }

    /** Takes one, which has to succeed, and says its name. */
    String take(String... arguments) {
        Tool.Result result = run(Map.of(), arguments);
        assertThat(result.status()).as(result.output()).isZero();
        String name = names().get(names().size() - 1);
        assertThat(result.output()).contains("base backup complete: " + name);
        return name;
    }

    Tool.Result run(Map<String, String> changes, String... arguments) {
        return script("base-backup.sh", changes, arguments);
    }

    /** As the only one that is kept. */
    Tool.Result cleanUp(String... arguments) {
        return script("cleanup-backups.sh", Map.of("BASE_BACKUP_KEEP", "1"), arguments);
    }

    /** Their names, the oldest first. */
    List<String> names() {
        return member.run("bash", "-c", "cd " + folder() + " 2>/dev/null && ls -d postgresql_base_* 2>/dev/null")
                .output()
                .lines()
                .toList();
    }

    /** The job's environment. */
    Map<String, String> job() {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("SECRET_DIRECTORY", member.environment("SECRET_DIRECTORY"));
        job.put("BACKUP_DIRECTORY", member.environment("BACKUP_DIRECTORY"));
        job.put("RUNTIME_DIRECTORY", member.runtime().toString());
        job.putAll(Map.of("BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3", "BASE_BACKUP_KEEP", "5"));
        return job;
    }

    private Tool.Result script(String name, Map<String, String> changes, String... arguments) {
        Map<String, String> job = job();
        job.putAll(changes);
        return member.script(job, name, arguments);
    }
}
