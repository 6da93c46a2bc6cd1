package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;

/** What must hold, and the two exceptions that are meant. */
final class Invariants {

    private Invariants() {}

    /** E1: a person's promotion, while the other member is open and cannot be seen, or does not give way to force. */
    static boolean promotedUnseen(State state, int member) {
        int why = state.get(member, Part.WHY);
        boolean late = why == FORCED && state.is(member, Part.TRIGGER, LATE);
        return (why == PROMOTED || why == FORCED) && (late || state.is(member, Part.ANSWER, MISSED));
    }

    /** E2: a primary that restarts in place, and cannot reach the other, which a person promotes in just that time. */
    static boolean restartedUnseen(State state, int member) {
        int why = state.get(member, Part.WHY);
        int answer = state.get(member, Part.ANSWER);
        return (why == PLACE || why == RENEWED) && (answer == MISSED || answer == DOWN);
    }

    /** E3: a person promoted it before it ever heard of the other's timeline, so its later branch has the lower number, and loses. */
    static boolean promotedUnheard(State state, int member) {
        return state.get(member, Part.NUMBER) < state.get(1 - member, Part.NUMBER);
    }

    /** From now on commits are acknowledged. */
    static void serve(State state, int member) {
        int other = 1 - member;
        boolean excused = promotedUnseen(state, member) || restartedUnseen(state, member);
        if (state.is(member, Part.WHY, PROMISED) && !state.open(other)) {
            ownChoice(state, member);
        }
        Actions.forget(state, member);
        state.set(member, Part.EXCUSED, excused ? 1 : 0).set(member, Part.SERVER, SERVING);
        state.set(member, Part.INTENT, 0).set(member, Part.TRIGGER, 0).set(member, Part.WHY, 0);
        state.set(member, Part.TOLD_TO_GO, 0).set(member, Part.BEAT, 1);
        if (state.is(member, Part.BEHIND, 1) && excused) {
            state.set(member, Part.BEHIND, 2);
        }
        if (state.later() == 1 + member && state.is(other, Part.BEHIND, 0) && !promotedUnheard(state, member)) {
            boolean meant = state.open(other) && (excused || state.is(other, Part.EXCUSED, 1));
            state.set(other, Part.BEHIND, meant ? 2 : 1);
        }
        Data.write(state, member, true);
    }

    /** Without a person no member opens on less than what the other has. */
    private static void ownChoice(State state, int member) {
        int other = 1 - member;
        boolean same = state.get(member, Part.NUMBER) == state.get(other, Part.NUMBER);
        if (state.get(member, Part.NUMBER) < state.get(other, Part.NUMBER)
                || (same && state.data() != SAME && state.data() != 1 + member)) {
            throw new Violation("a member opens by promise on less than what the other has");
        }
    }

    /** By design: the half-rewound member needs a primary, and no member opens on silence. Or the peer is of another system. */
    static boolean mayWaitForAPerson(State state) {
        boolean half = state.is(0, Part.HALF, 1) || state.is(1, Part.HALF, 1);
        return (half && state.is(0, Part.COPIED, 1)) || state.world() == World.FOREIGN_PEER;
    }

    static void leave(State state, int member) {
        state.set(member, Part.EXCUSED, 0);
        state.set(member, Part.BEHIND, Math.min(1, state.get(member, Part.BEHIND)));
    }

    static void check(State state) {
        boolean both = state.server(0) == SERVING && state.server(1) == SERVING;
        boolean excused = state.is(0, Part.EXCUSED, 1) || state.is(1, Part.EXCUSED, 1);
        if (both && (!excused || state.later() == 0)) {
            throw new Violation("both members acknowledge");
        }
        for (int member = 0; member < 2; member++) {
            if (state.server(member) == SERVING && state.is(member, Part.BEHIND, 1)) {
                throw new Violation("acknowledged on an older branch after a newer one");
            }
        }
        if (state.data() == DIVERGED
                && state.get(0, Part.NUMBER) == state.get(1, Part.NUMBER)
                && state.is(0, Part.HALF, 0)
                && state.is(1, Part.HALF, 0)) {
            throw new Violation("two histories have one timeline number");
        }
    }
}
