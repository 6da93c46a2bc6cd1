package io.github.postgresqlha.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * When a CronJob runs: minute, hour, day of the month, month, day of the week, in UTC.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax">Schedule syntax</a>
 */
public record CronSchedule(String text) {

    private static final int RUNS_COMPARED = 60;
    /** Gaps between runs are looked for from here on: a fixed date, so that the same text always gives the same answer. */
    private static final ZonedDateTime START = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    public CronSchedule {
        problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException("is no schedule (" + problem + "), got '" + text
                    + "'; write five fields: minute hour day-of-month month day-of-week, as 0 2 * * *");
        });
    }

    /** What is wrong with a text; empty where it is a schedule. */
    private static Optional<String> problem(String text) {
        try {
            parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException notASchedule) {
            return Optional.of(String.valueOf(notASchedule.getMessage())
                    .lines()
                    .findFirst()
                    .orElse("unreadable"));
        }
    }

    private static Cron parse(String text) {
        return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                .parse(text)
                .validate();
    }

    /** The longest time between two runs, as far as two months of them show. */
    public Duration longestGap() {
        ExecutionTime times = ExecutionTime.forCron(parse(text));
        Duration longest = Duration.ZERO;
        Optional<ZonedDateTime> run = times.nextExecution(START);
        for (int i = 0; i < RUNS_COMPARED && run.isPresent(); i++) {
            Optional<ZonedDateTime> next = times.nextExecution(run.get());
            if (next.isPresent()) {
                Duration gap = Duration.between(run.get(), next.get());
                longest = gap.compareTo(longest) > 0 ? gap : longest;
            }
            run = next;
        }
        return longest;
    }

    @Override
    public String toString() {
        return text;
    }
}
