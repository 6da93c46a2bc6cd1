package io.github.postgresqlha.script;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder for servers on loopback: PostgreSQL's programs, the scripts, and the very configuration of {@code dist/}.
 *
 * <p>PostgreSQL refuses to run as root, so there everything runs as nobody, with copies that nobody can read.
 */
final class LocalPostgres {

    private static final Path SCRIPTS = Project.file("src/main/resources/io/github/postgresqlha/script");

    /** A test names those of the backups, of certificates and releases itself; its configuration is not that of the specification. */
    private static final String NO_LIMIT_OF_MEMBERS =
            "(?m)^(BACKUP|BASE_BACKUP|RESTORE_TEST|OFFSITE|WAL_ARCHIVER|CERTIFICATE|MINIMUM_MINOR|CONFIGURATION)\\w*=.*\\R";

    private final Path folder;
    private final Path tools;
    private final boolean root = System.getProperty("user.name").equals("root");
    private final Path programs;
    private final EmptyMembers emptyMembers = new EmptyMembers(this);

    private LocalPostgres(Path folder, Path tools) {
        this.folder = folder;
        this.tools = tools;
        this.programs = root ? folder.resolve("postgresql") : tools;
    }

    static LocalPostgres create() {
        Path tools = LocalMajor.programs();
        try {
            Path folder = Files.createTempDirectory("pgha-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            LocalPostgres local = new LocalPostgres(folder, tools);
            local.fill();
            return local;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of {@code dist/} as it is; the copies of the certificate are where a member of these tests has them. */
    Path configurationWithTls() {
        Path other = folder.resolve("config-tls");
        if (!Files.exists(other)) {
            makeConfiguration(other, LocalMajor.configuration());
        }
        return other;
    }

    /** The same where TLS is not required. */
    Path configurationOfferingTls() {
        Path other = folder.resolve("config-offering");
        if (!Files.exists(other)) {
            Map<String, String> files = new TreeMap<>(LocalMajor.configuration());
            files.putAll(
                    Map.of("pg_hba.conf", LocalMajor.configurationWithoutTls().getOrDefault("pg_hba.conf", "")));
            makeConfiguration(other, files);
        }
        return other;
    }

    private void makeConfiguration(Path made, Map<String, String> files) {
        if (!made.toFile().mkdir()) {
            throw new IllegalStateException("cannot be made: " + made);
        }
        files.forEach((name, text) -> write(
                made.resolve(name),
                (name.equals("health.env") ? text.replaceAll(NO_LIMIT_OF_MEMBERS, "") : text)
                        .replaceAll("(?m)^postgresql( +)postgres ", "postgresql$1" + user() + " ")
                        .replace(ScriptEnvironment.SERVER_TLS_DIRECTORY, "../../tmp/tls")));
        Path server = made.resolve("postgresql.conf");
        write(server, Project.read(server) + "listen_addresses = '127.0.0.1'\nshared_buffers = 32MB\n");
    }

    private void fill() throws IOException {
        if (root) {
            // Not the links in it: programs look for their libraries and files from the place that they are really in.
            asSelf("cp", "-r", tools + "/.", programs.toString());
        }
        asSelf("cp", "-r", SCRIPTS.toString(), scripts().toString());
        asSelf("chmod", "-R", "a+rX", folder.toString());
        makeConfiguration(configuration(), LocalMajor.configurationWithoutTls());
    }

    Path folder() {
        return folder;
    }

    EmptyMembers emptyMembers() {
        return emptyMembers;
    }

    Path scripts() {
        return folder.resolve("scripts");
    }

    /** Where processes look for programs. */
    String path() {
        return scripts() + "/bin:" + programs + "/bin:" + System.getenv("PATH");
    }

    /** A program of its own folder, which a test puts first on the path. */
    Path program(String name, String text) {
        Path file = makeFolder("programs-" + name).resolve(name);
        write(file, text);
        if (!file.toFile().setExecutable(true, false)) {
            throw new IllegalStateException("cannot be made executable: " + file);
        }
        return file;
    }

    /** PostgreSQL's own programs. */
    Path programs() {
        return programs;
    }

    /** A second configuration that differs in one parameter. */
    Path configuration(String parameter, String value) throws IOException {
        Path other = Files.createDirectory(folder.resolve("config-" + parameter));
        for (Path file : Project.filesBelow(configuration())) {
            Files.copy(configuration().resolve(file), other.resolve(file));
        }
        Files.writeString(
                other.resolve("postgresql.conf"), parameter + " = " + value + "\n", StandardOpenOption.APPEND);
        return other;
    }

    Path configuration() {
        return folder.resolve("config");
    }

    /** A folder that the servers' user owns. */
    Path makeFolder(String path) {
        Path made = folder.resolve(path);
        Tool.Result result = Tool.run(process(Map.of(), "mkdir", "-p", "-m", "700", made.toString()));
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
        return made;
    }

    /** A process of the servers' user, with this environment and little else. */
    ProcessBuilder process(Map<String, String> environment, String... command) {
        List<String> all = new ArrayList<>();
        if (root) {
            all.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path());
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("POSTGRES_MAJOR", LocalMajor.VERSION.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    void write(Path file, String text) {
        try {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        asSelf("rm", "-rf", folder.toString());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String user() {
        return root ? "nobody" : System.getProperty("user.name");
    }

    private static void asSelf(String... command) {
        Tool.Result result = Tool.run(new ProcessBuilder(command));
        if (result.status() != 0) {
            throw new IllegalStateException(result.output());
        }
    }
}
