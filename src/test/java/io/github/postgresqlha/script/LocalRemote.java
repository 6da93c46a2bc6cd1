package io.github.postgresqlha.script;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A place outside of the cluster: a folder that rclone takes for a remote, plain or encrypted. */
final class LocalRemote implements AutoCloseable {

    private final LocalPostgres local;
    private final boolean owner;
    private final Path rclone;
    private final Path backups;
    private final Path folder;

    LocalRemote() {
        this(LocalPostgres.create(), true);
    }

    /** The copy of the backup volume of these servers. */
    LocalRemote(LocalPostgres local) {
        this(local, false);
    }

    private LocalRemote(LocalPostgres local, boolean owner) {
        this.local = local;
        this.owner = owner;
        rclone = program();
        backups = local.makeFolder("backups");
        folder = local.makeFolder("remote");
        local.write(
                local.folder().resolve("rclone.conf"),
                "[local]\ntype = local\n\n[offsite]\ntype = alias\nremote = local:" + folder
                        + "\n\n[secret]\ntype = crypt\nremote = local:" + folder
                        + "/crypt\npassword = " + obscured("one") + "\npassword2 = " + obscured("two")
                        + "\n\n[nowhere]\ntype = webdav\nurl = http://127.0.0.1:1/\nvendor = other\n");
    }

    /** What .ci/tools installed, or else what is on PATH; where neither is, the tests are skipped and fail on CI. */
    private Path program() {
        Path found = Path.of(Tool.run(new ProcessBuilder("sh", "-c", "command -v rclone"))
                .output()
                .strip());
        Path installed = found.isAbsolute() ? found : Tool.require("bin/rclone").program();
        Path copied = local.makeFolder("programs").resolve("rclone");
        Tool.run(new ProcessBuilder("cp", "-L", installed.toString(), copied.toString()));
        return copied;
    }

    private String obscured(String password) {
        return Tool.run(new ProcessBuilder(rclone.toString(), "obscure", password))
                .output()
                .strip();
    }

    Path backups() {
        return backups;
    }

    Path folder() {
        return folder;
    }

    /** Runs it in the backup folder, as the user of the jobs. */
    Tool.Result bash(String script) {
        return Tool.run(
                local.process(Map.of("REMOTE", folder.toString()), "bash", "-euo", "pipefail", "-c", script), backups);
    }

    /** A script of the copy, by the plain shell that rclone's image has. */
    Tool.Result run(String script, Map<String, String> changes, String... arguments) {
        Map<String, String> job = new TreeMap<>(Map.of(
                "BACKUP_DIRECTORY",
                backups.toString(),
                "OFFSITE_REMOTE",
                "offsite:postgresql",
                "OFFSITE_RETENTION_DAYS",
                "30",
                "OFFSITE_TIMEOUT",
                "2s",
                "RCLONE_CONFIG_FILE",
                local.folder().resolve("rclone.conf").toString(),
                "RUNTIME_DIRECTORY",
                local.makeFolder("tmp").toString(),
                "HOME",
                local.makeFolder("tmp").toString(),
                "PATH",
                rclone.getParent() + ":" + System.getenv("PATH")));
        job.putAll(changes);
        String[] command = new String[arguments.length + 2];
        command[0] = "sh";
        command[1] = local.scripts() + "/" + script;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Tool.run(local.process(job, command));
    }

    /** The program itself. */
    Path rclone() {
        return rclone;
    }

    /** Where its scripts look for programs. */
    String path() {
        return rclone.getParent() + ":" + System.getenv("PATH");
    }

    @Override
    public void close() {
        if (owner) {
            local.delete();
        }
    }
}
