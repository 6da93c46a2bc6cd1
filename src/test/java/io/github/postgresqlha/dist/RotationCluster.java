package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder {@code dist/} of a specification before a kubectl with Secrets, pods and members of its own, and this machine's openssl:
 * {@code src/test/resources/rotation} says how they behave.
 */
final class RotationCluster {

    static final List<String> PODS =
            List.of("postgresql-primary-0", "postgresql-standby-0", "postgresql-wal-archiver-x");

    private static final Path PROGRAMS = Project.file("src/test/resources/rotation");

    private final Path folder;
    private final Path state;

    private RotationCluster(Path folder) {
        this.folder = folder;
        state = folder.resolve("state");
    }

    RotationCluster(Path folder, PostgresqlHaSpec spec) {
        this(folder);
        Map<String, String> manifests =
                Map.of("postgresql-namespace.yaml", "namespace\n", "postgresql-secret.yaml", "secret\n");
        try {
            new DistFolder(dist(), new InstallationName(spec.name(), spec.namespace()))
                    .write(DistFiles.of(Installation.of(spec), manifests));
            Files.createDirectories(folder.resolve("bin"));
            for (Path program : Project.filesBelow(PROGRAMS)) {
                Files.copy(
                        PROGRAMS.resolve(program),
                        folder.resolve("bin").resolve(program.toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
            for (String pod : PODS) {
                Files.createDirectories(state.resolve("pods").resolve(pod));
            }
            write("pods/postgresql-primary-0/.role", "primary\n");
            write("namespace/airflow/.version", "1");
            write("secret/postgresql-secret/.version", "1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passwords and certificate are made, and every pod and client has them. */
    RotationCluster installed() {
        Tool.Result result = run("deploy-postgresql.sh", "--secrets-only");
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
        shell(
                "for i in 1 2 3 4; do for pod in " + String.join(" ", PODS)
                        + "; do kubectl exec \"$pod\" -- true; done; done; cp \"$STATE/configmap/postgresql-ca/ca.crt\" \"$STATE/client\"");
        return this;
    }

    /** One that goes on from here in another folder. */
    RotationCluster copy(Path other) {
        Tool.Result result = Tool.run(new ProcessBuilder("cp", "-a", folder + "/.", other.toString()));
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
        return new RotationCluster(other);
    }

    Tool.Result run(String program, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("setsid", "--wait", dist().resolve(program).toString()));
        command.addAll(List.of(arguments));
        return Tool.run(inCluster(new ProcessBuilder(command)), folder);
    }

    /** The same, killed in the moment before or after its change of that number; false where it made fewer. */
    boolean runKilled(int change, String moment, String program, String... arguments) {
        remove("changes");
        write("kill_at", change + " " + moment);
        run(program, arguments);
        remove("kill_at");
        boolean killed = Files.exists(state.resolve("killed"));
        remove("killed");
        return killed;
    }

    /** A line of bash with the cluster's programs on the path and its folder in STATE. */
    Tool.Result shell(String line) {
        return Tool.run(inCluster(new ProcessBuilder("bash", "-c", line)), folder);
    }

    private ProcessBuilder inCluster(ProcessBuilder builder) {
        builder.environment()
                .putAll(Map.of(
                        "STATE",
                        state.toString(),
                        "DIST",
                        dist().toString(),
                        "REAL_OPENSSL",
                        openssl(),
                        "XDG_DATA_HOME",
                        folder.resolve("data").toString(),
                        "PATH",
                        folder.resolve("bin") + ":" + System.getenv("PATH")));
        return builder;
    }

    private static String openssl() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "openssl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("openssl is not on PATH"))
                .toString();
    }

    Path dist() {
        return folder.resolve("dist");
    }

    /** Of the cluster: a key of a Secret as {@code secret/NAME/KEY}, likewise of a ConfigMap; empty where it is not there. */
    String read(String path) {
        return Files.exists(state.resolve(path)) ? Project.read(state.resolve(path)) : "";
    }

    void write(String path, String text) {
        try {
            Files.createDirectories(state.resolve(path).getParent());
            Files.writeString(state.resolve(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String path) {
        shell("rm -rf -- \"$STATE/" + path + "\"");
    }

    /** The files with keys of authorities on this machine. */
    List<Path> authorityKeys() {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".key")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that kubectl and openssl were asked, by their arguments. */
    String arguments() {
        return read("calls") + read("openssl");
    }

    /** The lines of each key and password that there is, which nobody else may see. */
    List<String> secrets() {
        Stream<String> passwords = shell(
                        "for file in \"$STATE\"/secret/postgresql-secret/*-password; do cat \"$file\"; echo; done; find . -name '*.key' "
                                + "-exec sed '/^-----/d' {} +")
                .output()
                .lines();
        return passwords.filter(line -> line.length() >= 16).collect(Collectors.toList());
    }

    /** What a program that has ended left on this machine beside the folder of the authority; others may run beside. */
    List<String> leftBehind() {
        return shell(
                        "for folder in /dev/shm/postgresql-ha.* \"${TMPDIR:-/tmp}\"/postgresql-ha.*; do owner=${folder##*/postgresql-ha.}; "
                                + "[ ! -d \"$folder\" ] || kill -0 \"${owner%%.*}\" 2>/dev/null || echo \"$folder\"; done")
                .output()
                .lines()
                .toList();
    }
}
