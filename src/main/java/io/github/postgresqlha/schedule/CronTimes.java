package io.github.postgresqlha.schedule;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/**
 * When a schedule runs. As everywhere in cron: where both the day of the month and that of the week are limited, either of them is
 * enough.
 */
record CronTimes(BitSet minutes, BitSet hours, BitSet days, BitSet months, BitSet weekdays, boolean eitherDay) {

    private static final Map<String, String> WORDS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** A fixed time with two leap days, so that the same text always gives the same answer. */
    private static final LocalDate START = LocalDate.of(2026, 1, 1);

    private static final LocalDate END = LocalDate.of(2034, 1, 1);

    /** Throws {@link IllegalArgumentException} with what is wrong. */
    static CronTimes of(String text) {
        String[] fields = WORDS.getOrDefault(text, text).strip().split("[ \t]+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("it has " + fields.length + (fields.length == 1 ? " field" : " fields"));
        }
        CronTimes times = new CronTimes(
                CronField.MINUTE.values(fields[0]),
                CronField.HOUR.values(fields[1]),
                CronField.DAY_OF_MONTH.values(fields[2]),
                CronField.MONTH.values(fields[3]),
                CronField.DAY_OF_WEEK.values(fields[4]),
                !CronField.isOpen(fields[2]) && !CronField.isOpen(fields[4]));
        if (times.nextDay(START).isEmpty()) {
            throw new IllegalArgumentException("no such day is in any year");
        }
        return times;
    }

    /** The longest time between two runs. */
    Duration longestGap() {
        long longest = withinDay();
        Optional<LocalDate> day = nextDay(START);
        while (day.isPresent()) {
            LocalDate before = day.get();
            day = nextDay(before.plusDays(1));
            long nights = day.map(next -> ChronoUnit.DAYS.between(before, next)).orElse(0L);
            longest = Math.max(longest, nights == 0 ? 0 : nights * 24 * 60 - last() + first());
        }
        return Duration.ofMinutes(longest);
    }

    /** The first day from this one on that has a run. */
    private Optional<LocalDate> nextDay(LocalDate from) {
        for (LocalDate day = from; day.isBefore(END); day = day.plusDays(1)) {
            if (runsOn(day)) {
                return Optional.of(day);
            }
        }
        return Optional.empty();
    }

    private boolean runsOn(LocalDate day) {
        boolean ofMonth = days.get(day.getDayOfMonth());
        boolean ofWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return months.get(day.getMonthValue()) && (eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    /** In minutes, as the times of a day are. */
    private long withinDay() {
        int longest = 0;
        int before = first();
        for (int minute = first(); minute <= last(); minute++) {
            if (hours.get(minute / 60) && minutes.get(minute % 60)) {
                longest = Math.max(longest, minute - before);
                before = minute;
            }
        }
        return longest;
    }

    private int first() {
        return hours.nextSetBit(0) * 60 + minutes.nextSetBit(0);
    }

    private int last() {
        return (hours.length() - 1) * 60 + minutes.length() - 1;
    }
}
