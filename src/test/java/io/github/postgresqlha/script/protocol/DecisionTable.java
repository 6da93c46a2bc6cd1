package io.github.postgresqlha.script.protocol;

import java.util.ArrayList;
import java.util.List;

/** The table that {@code decide.sh --table} prints. */
final class DecisionTable {

    enum Situation {
        START,
        RECOVERY,
        TRIGGER,
        OPENING,
        PRIMARY;

        @SuppressWarnings("EnumOrdinal") // states and facts are packed by number, within one run only
        final int number = ordinal();

        String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One line: its conditions hold where the facts under the mask have the value. */
    record Row(Situation situation, List<String> conditions, String action, String reason, long mask, long value) {

        static Row parse(String line) {
            int arrow = line.indexOf(" -> ");
            int colon = line.indexOf(": ", arrow);
            if (arrow < 0 || colon < 0) {
                throw new IllegalArgumentException("no row of the table: " + line);
            }
            List<String> words = List.of(line.substring(0, arrow).split(" "));
            Situation situation = Situation.valueOf(words.get(0).toUpperCase(java.util.Locale.ROOT));
            return of(
                    situation,
                    words.subList(1, words.size()),
                    line.substring(arrow + 4, colon),
                    line.substring(colon + 2));
        }

        static Row of(Situation situation, List<String> conditions, String action, String reason) {
            long mask = 0;
            long value = 0;
            for (String condition : conditions) {
                int equals = condition.indexOf('=');
                Facts fact = Facts.named(condition.substring(0, Math.max(equals, 0)));
                if ((mask & fact.mask()) != 0) {
                    throw new IllegalArgumentException("two conditions on one fact: " + conditions);
                }
                mask |= fact.mask();
                value |= fact.of(condition.substring(equals + 1));
            }
            return new Row(situation, List.copyOf(conditions), action, reason, mask, value);
        }

        Row without(String condition) {
            return of(
                    situation,
                    conditions.stream().filter(c -> !c.equals(condition)).toList(),
                    action,
                    reason);
        }

        Row acting(String other) {
            return new Row(situation, conditions, other, reason, mask, value);
        }

        boolean holds(long facts) {
            return (facts & mask) == value;
        }

        @Override
        public String toString() {
            String left = conditions.isEmpty() ? "" : " " + String.join(" ", conditions);
            return situation.key() + left + " -> " + action;
        }
    }

    private final List<Row> rows;
    private final Row[][] bySituation = new Row[Situation.values().length][];

    DecisionTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
        for (Situation situation : Situation.values()) {
            bySituation[situation.number] =
                    rows.stream().filter(row -> row.situation() == situation).toArray(Row[]::new);
        }
    }

    static DecisionTable parse(String text) {
        return new DecisionTable(text.lines().map(Row::parse).toList());
    }

    List<Row> rows() {
        return rows;
    }

    /** The first row that holds, or null: the shell's decide returns 64 then. */
    Row decide(Situation situation, long facts) {
        for (Row row : bySituation[situation.number]) {
            if (row.holds(facts)) {
                return row;
            }
        }
        return null;
    }

    DecisionTable without(int row) {
        List<Row> changed = new ArrayList<>(rows);
        changed.remove(row);
        return new DecisionTable(changed);
    }

    DecisionTable with(int row, Row other) {
        List<Row> changed = new ArrayList<>(rows);
        changed.set(row, other);
        return new DecisionTable(changed);
    }

    /** The row and the one after it change places. */
    DecisionTable swapped(int row) {
        List<Row> changed = new ArrayList<>(rows);
        java.util.Collections.swap(changed, row, row + 1);
        return new DecisionTable(changed);
    }
}
