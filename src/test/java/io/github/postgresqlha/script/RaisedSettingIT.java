package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server in recovery must not have less of than its primary had: raised after the base backup, it halts no recovery. */
class RaisedSettingIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalRepository repository;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(5, "a");
        repository.backUp(primary);
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void is_recovered_beyond() {
        repository.close();
        assertThat(primary.stop()).isZero();
        Path configuration = pair.local().configuration().resolve("postgresql.conf");
        pair.local()
                .write(configuration, Project.read(configuration) + "max_wal_senders = 12\nmax_connections = 150\n");
        primary.start().awaitRole("primary");
        repository.receive(primary);
        primary.insert(7, "b");
        repository.awaitArchived(primary);
        Tool.Result restored = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(primary.rows()).isEqualTo("a=5 b=7");
    }
}
