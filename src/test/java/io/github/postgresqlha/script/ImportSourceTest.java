package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs of a source, and what libpq is told of them: in files, and never in a message. */
class ImportSourceTest {

    @TempDir
    Path folder;

    @Test
    void a_url_of_an_application_becomes_files_of_libpq() throws IOException {
        Tool.Result result = read(
                "postgresql+psycopg2://air%40flow:p%3A%5Cw+%20d@db.old.svc:6432/air%20flow?sslmode=require&keepalives=1\n");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(Files.readString(folder.resolve("pg_service.conf")))
                .contains(
                        "[source]\n",
                        "host=db.old.svc\n",
                        "port=6432\n",
                        "dbname=air flow\n",
                        "user=air@flow\n",
                        "sslmode=require\n");
        assertThat(Files.readString(folder.resolve("passfile"))).isEqualTo("*:*:*:*:p\\:\\\\w+ d\n");
    }

    @Test
    void several_hosts_are_taken_as_a_driver_writes_them() throws IOException {
        assertThat(read("postgresql://u:p@/db?host=one:5433&host=two&target_session_attrs=read-write")
                        .status())
                .isZero();
        assertThat(Files.readString(folder.resolve("pg_service.conf")))
                .contains("host=one,two\n", "port=5433,5432\n", "target_session_attrs=read-write\n");
    }

    @Test
    void what_follows_the_url_is_the_authority() throws IOException {
        String pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
        assertThat(read("postgres://u:p@h/d?sslmode=verify-full\n" + pem).status())
                .isZero();
        assertThat(Files.readString(folder.resolve("ca.crt"))).isEqualTo(pem);
        assertThat(Files.readString(folder.resolve("pg_service.conf"))).contains("sslrootcert=" + folder + "/ca.crt\n");
    }

    /** As bootstrap.fromDatabase; a URL goes before it. */
    @Test
    void without_a_url_the_environment_says_it() throws IOException {
        Files.writeString(folder.resolve("password"), "from the Secret\n");
        Map<String, String> environment = Map.of(
                "IMPORT_HOST",
                "old",
                "IMPORT_DATABASE",
                "d",
                "IMPORT_USER",
                "u",
                "IMPORT_DIRECTORY",
                folder.toString());
        assertThat(read("", environment).status()).isZero();
        assertThat(Files.readString(folder.resolve("pg_service.conf")))
                .contains("host=old\n", "port=5432\n", "sslmode=require\n");
        assertThat(Files.readString(folder.resolve("passfile"))).isEqualTo("*:*:*:*:from the Secret\n");
        assertThat(read("postgresql://u:p@other/d", environment).status()).isZero();
        assertThat(Files.readString(folder.resolve("pg_service.conf"))).contains("host=other\n");
        Files.delete(folder.resolve("password"));
        assertThat(read("", environment).output()).contains("the password of the source is not there yet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mysql://u:secret@h/d | no URL as postgresql://",
                "secret | no URL as postgresql://",
                "`` | no URL on standard input",
                "postgresql://u:sec@ret/x@h/d | is no name or address",
                "postgresql://u:secret@h:70000/d | no number of 1 to 65535",
                "postgresql://u@h/d | names no password",
                "postgresql://:secret@h/d | has no user",
                "postgresql://u:secret@h | has no database",
                "postgresql://u:secret@/d | has no host",
                "postgresql://u:secret%0Ax@h/d | holds a line break",
                "postgresql://u%0Ahost=evil:secret@h/d | holds a control character",
                "postgresql://u:secret@h/d?sslmode=maybe | must be disable, allow",
                "postgresql://u:secret@h/d?sslmode=verify-full | needs the authority's certificate",
                "postgresql://u:secret@h/d?options=-csecret | parameter options of the URL is not known",
                "postgresql://u:secret@h/d?service=x | parameter service of the URL is not known",
                "postgresql://u:secret@h/d?sslrootcert=/etc/secret | is a file that is not here",
            })
    void a_url_that_cannot_be_used_is_refused_without_its_password(String url, String reason) {
        Tool.Result result = read(url);
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(reason).doesNotContain("secret", "ret/x");
        assertThat(folder.resolve("passfile")).doesNotExist();
    }

    private Tool.Result read(String input) {
        return read(input, Map.of());
    }

    private Tool.Result read(String input, Map<String, String> environment) {
        try {
            Path file = Files.writeString(folder.resolve("input"), input);
            ProcessBuilder builder = new ProcessBuilder(
                    "perl",
                    Project.file("src/main/resources/io/github/postgresqlha/script/import/source.pl")
                            .toString(),
                    folder.toString());
            builder.environment().keySet().removeIf(name -> name.startsWith("IMPORT_"));
            builder.environment().putAll(environment);
            return Tool.run(builder.redirectInput(file.toFile()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
