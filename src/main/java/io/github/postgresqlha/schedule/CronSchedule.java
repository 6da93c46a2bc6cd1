package io.github.postgresqlha.schedule;

import java.time.Duration;

/**
 * When a CronJob runs: minute, hour, day of the month, month, day of the week, in UTC.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax">Schedule syntax</a>
 */
public record CronSchedule(String text) {

    public CronSchedule {
        try {
            CronTimes.of(text);
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException(
                    "is no schedule (" + problem.getMessage() + "), got '" + text
                            + "'; write five fields: minute hour day-of-month month day-of-week, as 0 2 * * *",
                    problem);
        }
    }

    /** The longest time between two runs. */
    public Duration longestGap() {
        return CronTimes.of(text).longestGap();
    }

    @Override
    public String toString() {
        return text;
    }
}
