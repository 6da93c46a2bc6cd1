package io.github.postgresqlha.spec;

/** What a specification says of the Airflow that uses the database. */
public interface AirflowAccess {

    /** How Airflow connects. Default: a kit for the newest Airflow that is known, in the installation's namespace. */
    @Key("How Airflow connects: the kit of Secret, ConfigMaps, values of the official chart, migration")
    default AirflowSpec airflow() {
        return AirflowSpec.builder().build();
    }
}
