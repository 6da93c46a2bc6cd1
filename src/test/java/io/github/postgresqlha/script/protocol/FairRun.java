package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;

/** What the members come to by themselves when nobody disturbs them: the person rests, nothing crashes, they see each other. */
final class FairRun {

    private static final int ROUNDS = 60;
    private static final Event[] STEPS = {
        Event.REWRITE, Event.REWOUND, Event.REWIND_FAILS, Event.RISE, Event.STAND_DOWN, Event.RECEIVE
    };
    private static final Event[] TIME = {Event.RIGHT_ENDS, Event.PROMISE_ENDS, Event.BEAT_ENDS, Event.TRIGGER_LATE};

    private final Member decisions;
    private final int leader;
    private final Visited good = new Visited();
    private final State now = new State();
    private final State before = new State();

    FairRun(Member decisions, int leader) {
        this.decisions = decisions;
        this.leader = leader;
    }

    /** Whether one primary and one standby are reached. */
    boolean ends(State from) {
        now.copy(from);
        now.parted(false);
        for (int round = 0; round < ROUNDS; round++) {
            if (reached(now) || good.add(now, round, 0) < 0) {
                return true;
            }
            before.copy(now);
            step(leader);
            step(1 - leader);
            if (java.util.Arrays.equals(before.v, now.v)) {
                pass();
            }
            if (java.util.Arrays.equals(before.v, now.v)) {
                return false;
            }
        }
        return false;
    }

    /** The same run again, told. */
    String story(State from, Member member) {
        StringBuilder told = new StringBuilder();
        now.copy(from);
        now.parted(false);
        try {
            for (int round = 0; round < 8; round++) {
                step(leader);
                told.append("    ").append(now).append("\n");
                step(1 - leader);
                told.append("    ").append(now).append("\n");
            }
        } catch (Violation v) {
            told.append("    " + v.getMessage() + "\n    " + now + "\n");
        }
        return told.toString();
    }

    private void step(int member) {
        if (now.server(member) == OFF && may(Event.NEW_POD, member)) {
            Event.NEW_POD.apply(now, member, decisions);
        }
        for (Event event : STEPS) {
            if (may(event, member)) {
                event.apply(now, member, decisions);
            }
        }
        hear(member);
        if (may(Event.ASK, member)) {
            Event.ASK.apply(now, member, decisions);
            hear(member);
        }
    }

    private void hear(int member) {
        if (may(Event.HEAR, member)) {
            boolean stuck = may(Event.HEAR_STUCK, member) && !now.streams(member);
            (stuck ? Event.HEAR_STUCK : Event.HEAR).apply(now, member, decisions);
        }
    }

    private void pass() {
        for (Event event : TIME) {
            for (int member = 0; member < 2; member++) {
                if (may(event, member)) {
                    event.apply(now, member, decisions);
                }
            }
        }
    }

    private boolean may(Event event, int member) {
        return event.may(now, member);
    }

    static boolean reached(State state) {
        if (state.world() == World.NO_PEER) {
            return state.server(0) == SERVING;
        }
        for (int member = 0; member < 2; member++) {
            if (state.server(member) == SERVING
                    && state.server(1 - member) == RECOVERY
                    && state.data() == SAME
                    && state.is(1 - member, Part.WAS_PRIMARY, 0)) {
                return true;
            }
        }
        return false;
    }
}
