package io.github.postgresqlha.airflow;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.AirflowSpec;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Airflow's variables that are no secret. A variable that a release does not know it ignores.
 *
 * @see <a href="https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#database">Configuration reference</a>
 */
public final class AirflowEnvironment {

    /** With 60 nothing ends in an outage of 45 s; Airflow's own 3 ends its scheduler after 6 s. */
    private static final String RETRIES = "60";

    private static final String DATABASE = "AIRFLOW__DATABASE__";

    private AirflowEnvironment() {}

    /** By name. */
    public static SortedMap<String, String> of(Installation installation) {
        AirflowSpec airflow = installation.spec().airflow();
        SortedMap<String, String> variables = new TreeMap<>();
        variables.put(DATABASE + "MAX_DB_RETRIES", RETRIES);
        variables.put(DATABASE + "SQL_ALCHEMY_POOL_SIZE", String.valueOf(airflow.poolSize()));
        variables.put(DATABASE + "SQL_ALCHEMY_MAX_OVERFLOW", String.valueOf(airflow.maxOverflow()));
        variables.put(DATABASE + "SQL_ALCHEMY_POOL_PRE_PING", "True");
        variables.put(DATABASE + "SQL_ALCHEMY_POOL_RECYCLE", "1800");
        variables.put("AIRFLOW__CELERY__RESULT_BACKEND_SQLALCHEMY_ENGINE_OPTIONS", "{\"pool_pre_ping\": true}");
        switch (airflow.version()) {
            case V2_10, V2_11 -> {}
            case V3_0 -> variables.put(DATABASE + "SQL_ALCHEMY_CONNECT_ARGS", "airflow_local_settings.connect_args");
            case V3_1, V3_2, V3_3 ->
                variables.put(DATABASE + "SQL_ALCHEMY_CONNECT_ARGS_ASYNC", "airflow_local_settings.connect_args_async");
        }
        variables.put("POSTGRESQL_HA_PASSWORD_FILE", AirflowMounts.password(installation));
        if (installation.spec().pooler().enabled()) {
            variables.put("POSTGRESQL_HA_POOLER", "true");
        }
        if (installation.hasTls()) {
            variables.put("POSTGRESQL_HA_CA_FILE", AirflowMounts.authority(installation));
        }
        return variables;
    }
}
