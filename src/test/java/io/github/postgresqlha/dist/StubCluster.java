package io.github.postgresqlha.dist;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The folder {@code dist/} of a specification, and a kubectl that answers as a test says and notes what it was asked. */
final class StubCluster {

    private static final String KUBECTL = """
            #!/usr/bin/env bash
            state=%s
            printf '%%s\\n' "$*" >>"${state}/calls"
            said() { printf '%%b\\n' "$*"; exit 0; }
            failed() { printf '%%s\\n' "$*" >&2; exit 1; }
            is() { [[ -e "${state}/$1" ]]; }
            note() { : >"${state}/$1"; }
            [[ " $* " != *" apply "* ]] || { sed 's/^/applied: /' >>"${state}/calls"; exit 0; }
            case "$*" in
            %s
            *"config current-context"*) said test ;;
            *" version "*) said 'Server Version: v1.34.0' ;;
            *) failed "error: the stub has no answer for: $*" ;;
            esac
            """;

    private final Path folder;
    private final Path dist;
    private final Path state;
    private final List<String> answers = new ArrayList<>();
    private String path = System.getenv("PATH");

    StubCluster(Path folder, PostgresqlHaSpec spec) {
        this.folder = folder;
        dist = folder.resolve("dist");
        state = folder.resolve("state");
        try {
            Files.createDirectories(state);
            Files.createDirectories(folder.resolve("bin"));
            Map<String, String> manifests = Map.of(
                    "postgresql-storage.yaml", "storage\n",
                    "postgresql-primary.yaml", "primary\n",
                    "postgresql-standby.yaml", "standby\n",
                    "postgresql-namespace.yaml", "namespace\n",
                    "postgresql-secret.yaml", "secret\n");
            new DistFolder(dist, new InstallationName(spec.name(), spec.namespace()))
                    .write(DistFiles.of(Installation.of(spec), manifests));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An arm of the stub's {@code case}: the first that matches answers. */
    StubCluster when(String pattern, String answer) {
        answers.add(pattern + ") " + answer + " ;;");
        return this;
    }

    StubCluster role(String member, String word) {
        return when("*\"exec " + member + "-0 \"*\" cat /tmp/instance.role\"", "said " + word);
    }

    /** Its pod is there, on a node, and its container does not answer. */
    StubCluster silent(String member) {
        return when(
                        "*\"exec " + member + "-0 \"*\" cat /tmp/instance.role\"",
                        "failed 'error: Internal error occurred: unable to upgrade connection: container not found (\"postgresql\")'")
                .when(
                        "*\"get pod " + member + "-0 \"*\"-o name\"",
                        "is stopped-" + member + " || said pod/" + member + "-0; exit 0")
                .when("*\"get pod " + member + "-0 \"*nodeName*status*", "exit 1")
                .when("*\"get pod " + member + "-0 \"*containerStatuses*", "said '|||node-1'")
                .when("*\"get pod " + member + "-0 \"*nodeName*", "said node-1")
                .when("*\"scale statefulset " + member + " --replicas=0\"", "note stopped-" + member + "; exit 0");
    }

    /** What a member's supervisor noted, beside where its WAL ends. */
    StubCluster notes(String member, String notes) {
        return when("*\"exec " + member + "-0 \"*IDENTIFY_SYSTEM*", "said '7000000000000000001 3 0/5000100 '")
                .when("*\"exec " + member + "-0 \"*instance_state*", "said '" + notes + "'");
    }

    /** Only these programs are on the path, and no kubectl. */
    StubCluster bareMachine(String... programs) throws IOException {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        for (String program : programs) {
            Files.createSymbolicLink(bare.resolve(program), Path.of("/usr/bin", program));
        }
        path = bare.toString();
        return this;
    }

    Tool.Result run(String program, String... arguments) {
        return run(List.of(dist.resolve(program).toString()), arguments);
    }

    /** In a shell that shows each command. */
    Tool.Result trace(String program, String... arguments) {
        return run(List.of("bash", "-x", dist.resolve(program).toString()), arguments);
    }

    private Tool.Result run(List<String> program, String... arguments) {
        try {
            Path kubectl = folder.resolve("bin/kubectl");
            Files.writeString(kubectl, KUBECTL.formatted(state, String.join("\n", answers)));
            if (!kubectl.toFile().setExecutable(true)) {
                throw new IllegalStateException("cannot be made executable: " + kubectl);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        boolean bare = !path.equals(System.getenv("PATH"));
        builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
        builder.environment().put("PATH", bare ? path : folder.resolve("bin") + ":" + path);
        return Tool.run(builder, folder);
    }

    Path dist() {
        return dist;
    }

    /** What kubectl was asked, one call a line, and what it was given to apply. */
    String calls() {
        Path calls = state.resolve("calls");
        return Files.exists(calls) ? Project.read(calls) : "";
    }
}
