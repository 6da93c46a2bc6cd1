package io.github.postgresqlha.installation;

import java.util.Locale;

/** The parts of an installation, as the label {@code app.kubernetes.io/component} names them. */
public enum Component {
    PRIMARY,
    STANDBY,
    BACKUP,
    BASE_BACKUP,
    WAL_ARCHIVER,
    HEALTH_CHECK,
    RESTORE_TEST,
    OFFSITE,
    POOLER,
    NAMESPACE,
    STORAGE,
    CONFIGURATION,
    CREDENTIALS,
    NETWORK,
    ACCESS,
    ADMISSION,
    AIRFLOW,
    METRICS;

    /** The value of the label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
