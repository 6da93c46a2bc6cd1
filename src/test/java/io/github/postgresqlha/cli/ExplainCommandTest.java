package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.configuration.ExplainedKey;
import io.github.postgresqlha.configuration.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainCommandTest {

    @Test
    void expands_no_file_of_arguments(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "secret\n");
        CommandLineRun run = CommandLineRun.of("explain", "@" + file);
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err())
                .startsWith("pgha: there is no key '@" + file + "'; ")
                .doesNotContain("secret");
    }

    @Test
    void tells_all_of_a_key() {
        assertThat(CommandLineRun.of("explain", "backup.base.keep")).isEqualTo(new CommandLineRun(0, """
                backup.base.keep
                  How many good base backups are kept, with the write-ahead log since the oldest of them.

                  type      whole number
                  range     1 or more base backups
                  default   2
                  example   3
                  restarts  nothing; the jobs have it from their next run on
                """, ""));
    }

    @Test
    void tells_what_a_key_is_good_for_only_beside_others() {
        assertThat(CommandLineRun.of("explain", "patroni.ttl").out())
                .contains("  beside    {failover: automatic, ")
                .contains("  range     20 to 3600 seconds\n")
                .contains("  restarts  nothing; running servers take it over\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            primary.resources.limits.cpu           | default   2000m
            postgresVersion                        | type      one of 15, 16, 17, 18, 19
            failover                               | type      one of manual, automatic
            backup.schedule                        | type      schedule in UTC: minute hour day-of-month month day-of-week
            backup.offsite.schedule                | default   '*/10 * * * *'
            backup.offsite.remote                  | default   none: it must be given
            backup.databases                       | type      all, or a list, of each item: text
            scheduling.tolerations                 | type      list, of each item: Toleration of Kubernetes, in its own words; see kubectl explain
            network.clients[0].podLabels           | type      names and their values
            extraVolumes.mountPath                 | example   /etc/ca
            name                                   | restarts  a new installation: other names make one
            primary.storage.data.storageClassName  | restarts  a new installation: Kubernetes refuses
            configuration.maxConnections           | restarts  all members, one after another
            primary.nodeSelector                   | restarts  the member named primary
            backup.walArchive                      | restarts  by key, together: the WAL archiver; running servers take it
            configuration.parameters.wal_compression | restarts  nothing; running servers take it over
            configuration.parameters.huge_pages    | restarts  all members, one after another
            configuration.parameters.port          | PostgreSQL's parameter port, which 15 to 19 have; the product sets it itself
            configuration.parameters.wal_buffers   | default   16MB
            """)
    void tells(String key, String line) {
        assertThat(CommandLineRun.of("explain", key).out()).contains("  " + line);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void knows_every_key(ExplainedKey key) {
        CommandLineRun run = CommandLineRun.of("explain", key.path());
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(key.path() + "\n").contains("\n  type ", "\n  default ", "\n  restarts ");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(125));
    }

    static Iterable<ExplainedKey> keys() {
        return KeyCatalogue.all();
    }

    @Test
    void lists_the_keys_of_a_section() {
        assertThat(CommandLineRun.of("explain", "replication").out())
                .startsWith("replication\n  How the standby follows the primary.\n")
                .contains(
                        "\n  replication.dataDurability  Without a standby: ",
                        "\n  replication.synchronous     Whether ");
    }

    @Test
    void lists_what_stands_at_the_top() {
        CommandLineRun run = CommandLineRun.of("explain");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("  backup  ", "\n  postgresVersion  ").doesNotContain("backup.schedule  ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backup.retentiondays    | did you mean backup.retentionDays?
            backup.schedul          | did you mean backup.schedule?
            retentionDays           | did you mean backup.offsite.retentionDays or backup.retentionDays?
            configuration.parameters.work_memm | did you mean configuration.
            x                       | pgha explain lists what there is
            """)
    void names_the_nearest_of_a_misspelt_key(String typed, String remedy) {
        CommandLineRun run = CommandLineRun.of("explain", typed);
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err())
                .startsWith("pgha: there is no key '" + typed + "'; ")
                .contains(remedy);
        assertThat(run.out()).isEmpty();
    }
}
