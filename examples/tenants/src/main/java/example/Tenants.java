package example;

import io.github.postgresqlha.PostgresqlHa;
import io.github.postgresqlha.postgresql.Synchronous;
import io.github.postgresqlha.schedule.CronSchedule;
import io.github.postgresqlha.spec.BackupScheduleSpec;
import io.github.postgresqlha.spec.BaseBackupSpec;
import io.github.postgresqlha.spec.ConfigurationSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.ReplicationSpec;
import io.github.postgresqlha.spec.StandbyDatabaseSpec;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.App;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.JsonPatch;
import software.constructs.Construct;

/** Three installations of different settings, beside an object of one's own, in one chart. */
public final class Tenants {

    private Tenants() {}

    public static void main(String[] arguments) {
        App app = new App(AppProps.builder().outdir("target/dist").build());
        chart(app);
        app.synth();
    }

    static Chart chart(Construct scope) {
        Chart chart = new Chart(scope, "tenants");
        new PostgresqlHa(chart, "sales", sales());
        new PostgresqlHa(chart, "research", research());
        new PostgresqlHa(chart, "sandbox", sandbox());
        contacts(chart);
        return chart;
    }

    /** No commit without the standby, and a month of backups. */
    private static PostgresqlHaSpec sales() {
        return PostgresqlHaSpec.builder()
                .name("sales")
                .namespace("airflow-sales")
                .replication(ReplicationSpec.builder().synchronous(Synchronous.TRUE).build())
                .backup(BackupScheduleSpec.builder().retentionDays(30).build())
                .build();
    }

    /** Many connections, and jobs at other times than those of sales. */
    private static PostgresqlHaSpec research() {
        return PostgresqlHaSpec.builder()
                .name("research")
                .namespace("airflow-research")
                .configuration(ConfigurationSpec.builder().maxConnections(400).build())
                .backup(BackupScheduleSpec.builder()
                        .schedule(new CronSchedule("30 2 * * *"))
                        .base(BaseBackupSpec.builder().schedule(new CronSchedule("30 3 * * 0")).build())
                        .build())
                .build();
    }

    /** One member. */
    private static PostgresqlHaSpec sandbox() {
        return PostgresqlHaSpec.builder()
                .name("sandbox")
                .namespace("airflow-sandbox")
                .standby(StandbyDatabaseSpec.builder().enabled(false).build())
                .build();
    }

    private static void contacts(Chart chart) {
        new ApiObject(
                        chart,
                        "contacts",
                        ApiObjectProps.builder()
                                .apiVersion("v1")
                                .kind("ConfigMap")
                                .metadata(ApiObjectMetadata.builder()
                                        .name("contacts")
                                        .namespace("airflow-sales")
                                        .build())
                                .build())
                .addJsonPatch(JsonPatch.add("/data", Map.of("team", "data-platform@example.com")));
    }
}
