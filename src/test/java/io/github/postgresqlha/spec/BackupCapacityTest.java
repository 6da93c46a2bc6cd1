package io.github.postgresqlha.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.schedule.CronSchedule;
import org.junit.jupiter.api.Test;

class BackupCapacityTest {

    private static final long GIBIBYTE = 1L << 30;

    @Test
    void checks_nothing_where_nothing_is_known() {
        BackupScheduleSpec spec =
                BackupScheduleSpec.builder().storage(StorageSpec.of("1Gi")).build();
        assertThat(BackupCapacity.of(spec)).isEmpty();
        assertThat(spec.capacityWarning()).isEmpty();
    }

    @Test
    void counts_dumps_base_backups_and_wal() {
        // 8 dumps of a quarter, 3 base backups of two fifths, 21 days of WAL by half.
        BackupCapacity capacity =
                BackupCapacity.of(spec("10Gi", "1Gi", "200Gi")).orElseThrow();
        assertThat(capacity.dumps()).isEqualTo(20 * GIBIBYTE);
        assertThat(capacity.bases()).isEqualTo(12 * GIBIBYTE);
        assertThat(capacity.wal()).isEqualTo(Math.round(10.5 * GIBIBYTE));
        assertThat(capacity.warning()).isEmpty();
        assertThat(capacity.certainty()).isEmpty();
    }

    @Test
    void follows_the_schedules() {
        BackupScheduleSpec twiceADay = BackupScheduleSpec.builder()
                .schedule(new CronSchedule("0 2,14 * * *"))
                .base(BaseBackupSpec.builder()
                        .schedule(new CronSchedule("0 3 * * *"))
                        .keep(6)
                        .build())
                .capacity(CapacitySpec.of("10Gi", "1Gi"))
                .build();
        BackupCapacity capacity = BackupCapacity.of(twiceADay).orElseThrow();
        assertThat(capacity.dumps()).isEqualTo(Math.round(15 * 2.5 * GIBIBYTE));
        assertThat(capacity.bases()).isEqualTo(28 * GIBIBYTE);
        assertThat(capacity.wal()).isEqualTo(Math.round(3.5 * GIBIBYTE));
    }

    @Test
    void counts_only_dumps_where_no_wal_is_archived() {
        BackupScheduleSpec dumps = BackupScheduleSpec.builder()
                .walArchive(WalArchiveSpec.builder().enabled(false).build())
                .capacity(CapacitySpec.of("10Gi", "1Gi"))
                .build();
        BackupCapacity capacity = BackupCapacity.of(dumps).orElseThrow();
        assertThat(capacity.likely()).isEqualTo(20 * GIBIBYTE);
    }

    @Test
    void warns_from_85_percent_on_with_the_numbers_and_the_remedy() {
        assertThat(spec("10Gi", "1Gi", "49Gi").capacityWarning())
                .contains("the backups are likely to take 42.5Gi of 49.0Gi, more than 85 % (likely: dumps 20.0Gi,"
                        + " base backups 12.0Gi, WAL 10.5Gi); set it to 50Gi, keep backups for a shorter time,"
                        + " or correct backup.capacity");
        assertThat(spec("10Gi", "1Gi", "50Gi").capacityWarning()).isEmpty();
    }

    @Test
    void refuses_only_what_cannot_fit_at_best() {
        assertThat(spec("70Gi", "1Gi", "50Gi").capacityWarning()).isPresent();
        assertThatThrownBy(() -> spec("100Gi", "1Gi", "50Gi"))
                .hasMessageContaining("storage.size: cannot hold the backups: even at best they take 63.0Gi of 50.0Gi"
                        + " (likely: dumps 200.0Gi, base backups 120.0Gi, WAL 10.5Gi); set it to 389Gi");
    }

    private static BackupScheduleSpec spec(String database, String walPerDay, String volume) {
        return BackupScheduleSpec.builder()
                .storage(StorageSpec.builder().size(new Quantity(volume)).build())
                .capacity(CapacitySpec.of(database, walPerDay))
                .build();
    }
}
