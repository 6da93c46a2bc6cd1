package io.github.postgresqlha.script.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Breadth first by disturbances: every state that at most so many disturbances lead to, and everything that is free after each. */
final class Exploration {

    private final Member decisions;
    private final FairRun[] fair;
    private final Visited visited = new Visited();
    private final State now = new State();
    private final State next = new State();
    long transitions;
    long pruned;

    Exploration(DecisionTable table) {
        decisions = new Member(table);
        fair = FairRun.all(decisions);
    }

    /** Of the fewest disturbances, or null. */
    static String counterexample(DecisionTable table, int most) {
        return new Exploration(table).run(Starts.all(), most);
    }

    int states() {
        return visited.size();
    }

    /** A counterexample, or null. */
    String run(List<State> from, int disturbances) {
        for (State state : from) {
            visited.add(state, -1, -1);
        }
        int end = 0;
        for (int cost = 0; cost <= disturbances; cost++) {
            int layer = end;
            String found = close(end);
            if (found != null) {
                return found;
            }
            end = visited.size();
            if (cost < disturbances) {
                found = disturb(layer, end);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private String close(int from) {
        for (int number = from; number < visited.size(); number++) {
            visited.load(number, now);
            String found = examine(number);
            for (int move = 0; found == null && move < 2 * Event.ALL.length; move++) {
                if (Event.ALL[move / 2].cost == 0) {
                    found = move(number, move);
                }
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private String disturb(int from, int end) {
        for (int number = from; number < end; number++) {
            visited.load(number, now);
            for (int move = 0; move < 2 * Event.ALL.length; move++) {
                String found = Event.ALL[move / 2].cost == 0 ? null : move(number, move);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private String move(int number, int move) {
        Event event = Event.ALL[move / 2];
        if (!event.may(now, move % 2)) {
            return null;
        }
        next.copy(now);
        transitions++;
        try {
            event.apply(next, move % 2, decisions);
            Invariants.check(next);
        } catch (Violation violation) {
            return story(number, move, violation.getMessage());
        }
        if (room()) {
            visited.add(next, number, move);
        } else {
            pruned++;
        }
        return null;
    }

    private boolean room() {
        return Math.max(next.get(0, State.Part.KNOWN), next.get(1, State.Part.KNOWN)) <= Data.LAST_NUMBER - 2;
    }

    private String examine(int number) {
        for (FairRun run : fair) {
            try {
                if (run.due(now) && !run.ends(now)) {
                    return story(number, -1, run.kind.failure + "\n" + run.story(now));
                }
            } catch (Violation violation) {
                return story(number, -1, "left alone: " + violation.getMessage() + "\n" + run.story(now));
            }
        }
        return null;
    }

    String story(int number, int last, String what) {
        List<String> lines = new ArrayList<>();
        if (last >= 0) {
            lines.add(line(last, next));
        }
        State state = new State();
        for (int at = number; at >= 0; at = visited.parent(at)) {
            visited.load(at, state);
            lines.add(line(visited.event(at), state));
        }
        Collections.reverse(lines);
        return what + "\n" + String.join("\n", lines);
    }

    static String line(int move, State state) {
        String event = move < 0 ? "at first" : Words.name(move % 2) + " " + Event.ALL[move / 2].words;
        return "  " + event + "\n        " + state;
    }
}
