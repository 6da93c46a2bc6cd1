package io.github.postgresqlha.airflow;

import io.github.postgresqlha.credentials.PasswordSource;

/**
 * One URL of Airflow's Secret.
 *
 * @param key its key there
 * @param source the password that is in it
 * @param url with {@link #PASSWORD} where the percent-encoded password goes
 */
public record AirflowUrl(String key, PasswordSource source, String url) {

    /** No host, database or role is written in capitals. */
    public static final String PASSWORD = "PASSWORD";
}
