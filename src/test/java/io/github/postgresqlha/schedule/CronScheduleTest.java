package io.github.postgresqlha.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * * *         | PT24H
            */10 * * * *      | PT10M
            */10 * * * 1-5    | PT48H10M
            0 2,14 * * *      | PT12H
            0 3 * * 0         | PT168H
            0 3 * * SUN       | PT168H
            0 3 * jan mon-fri | PT8136H
            30 4 1 * *        | PT744H
            0 0 29 2 *        | PT35064H
            0 0 1,15 * 1      | PT168H
            0 0 */2 * 1       | PT48H
            5/20 * * * *      | PT20M
            @weekly           | PT168H
            ? ? ? ? ?         | PT1M
            0 0-22/2 * * *    | PT2H
            """)
    void knows_its_longest_gap(String text, Duration gap) {
        assertThat(new CronSchedule(text).longestGap()).isEqualTo(gap);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 25 * * *      | hour 25 is not 0 to 23
            60 * * * *      | minute 60 is not 0 to 59
            0 2 * * 7       | day-of-week 7 is not 0 to 6
            0 2 * * 5-7     | day-of-week 7 is not 0 to 6
            0 2 0 * *       | day-of-month 0 is not 1 to 31
            0 2 * 13 *      | month 13 is not 1 to 12
            0 2 30 2 *      | no such day is in any year
            0 2 * *         | it has 4 fields
            0 0 2 * * *     | it has 6 fields
            daily           | it has 1 field
            @every 5m       | it has 2 fields
            @reboot         | it has 1 field
            a * * * *       | minute 'a' is no number, range or step
            5-1 * * * *     | minute '5-1' ends before it begins
            */0 * * * *     | minute '*/0' has no step
            1,,2 * * * *    | minute '' is no number, range or step
            -1 * * * *      | minute '-1' is no number, range or step
            0 2 * * mon#1   | day-of-week 'mon#1' is no number, range or step
            0 2 L * *       | day-of-month 'l' is no number, range or step
            0 2 * abc *     | month abc is not 1 to 12
            """)
    void refuses_what_kubernetes_refuses_or_what_never_comes(String text, String problem) {
        assertThatThrownBy(() -> new CronSchedule(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is no schedule (" + problem + "), got '" + text
                        + "'; write five fields: minute hour day-of-month month day-of-week, as 0 2 * * *");
    }
}
