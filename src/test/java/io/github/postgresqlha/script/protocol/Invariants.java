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

    /** E4: a primary that was put back to before it had a standby starts, and cannot reach the standby, which a person has promoted. */
    static boolean putBackUnseen(State state, int member) {
        boolean silent = state.is(member, Part.ANSWER, MISSED) || state.is(member, Part.ANSWER, DOWN);
        return state.world() == World.PUT_BACK && state.is(member, Part.WHY, NEWER) && silent;
    }

    /** E3: a person promoted it before it ever heard of the other's timeline, so its later branch has the lower number, and loses. */
    static boolean promotedUnheard(State state, int member) {
        return state.get(member, Part.NUMBER) < state.get(1 - member, Part.NUMBER);
    }

    /** By force it opens in any case, and by renewal it was primary; otherwise nobody opens against what it was just told. */
    static void open(State state, int member, int why) {
        if (why == FORCED || why == RENEWED) {
            return;
        }
        if (state.is(member, Part.ANSWER, IS_PRIMARY) || state.is(member, Part.ANSWER, FOREIGN)) {
            throw new Violation("a member opens though it was told that the other is primary, or of another system");
        }
        if (why == PROMOTED && state.is(member, Part.ANSWER, MISSED) && state.is(member, Part.TRIGGER, ASKED)) {
            throw new Violation("a member is promoted at once though the other is only silent, and runs");
        }
        if (why != PROMOTED && state.is(member, Part.ANSWER_INTENT, PROMOTING)) {
            throw new Violation("a member opens though it was told that the other is being promoted");
        }
        if (why == PROMOTED && state.world() != World.NO_PEER && !state.is(member, Part.INTENT, PROMOTING)) {
            throw new Violation("a member is promoted without a look at the other that came after its intention");
        }
    }

    /** No commit is acknowledged against what the last look has shown. */
    private static void lastLook(State state, int member) {
        int why = state.get(member, Part.WHY);
        if (state.is(member, Part.ANSWER, IS_PRIMARY) && !(why == FORCED && state.is(member, Part.TRIGGER, LATE))) {
            throw new Violation("a member acknowledges though it sees that the other is open");
        }
        if ((why == PLACE || why == PROMISED) && state.is(member, Part.ANSWER_INTENT, PROMOTING)) {
            throw new Violation("a member acknowledges though it sees that the other is being promoted");
        }
    }

    static void oust(State state, int member) {
        if (state.get(member, Part.ANSWER_NUMBER) > state.get(member, Part.NUMBER)) {
            throw new Violation("a primary on a newer timeline is asked to give way");
        }
    }

    static void copy(State state, int member) {
        if (state.is(member, Part.ROWS, 1) && state.world() != World.OLD_NUMBERS) {
            throw new Violation("acknowledged rows vanish by a copy");
        }
    }

    /** From now on commits are acknowledged. */
    static void serve(State state, int member) {
        lastLook(state, member);
        int other = 1 - member;
        boolean excused =
                promotedUnseen(state, member) || restartedUnseen(state, member) || putBackUnseen(state, member);
        if (state.is(member, Part.WHY, PROMISED) && !state.open(other) && state.world() != World.OLD_NUMBERS) {
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

    /** By design: the half-rewound member needs a primary, and no member opens on silence. Or the peer is of another system. Or two
     * histories have one number, and one gives way for a copy of the other, which has stopped since. */
    static boolean mayWaitForAPerson(State state) {
        boolean half = state.is(0, Part.HALF, 1) || state.is(1, Part.HALF, 1);
        boolean late = state.world() == World.OLD_NUMBERS && (state.server(0) != SERVING || !state.open(1));
        boolean alone = late && (givesWay(state, 0) || givesWay(state, 1));
        return (half && state.is(0, Part.COPIED, 1)) || state.world() == World.FOREIGN_PEER || alone;
    }

    private static boolean givesWay(State state, int member) {
        return state.open(member) && state.is(member, Part.ANSWER, IS_PRIMARY);
    }

    /** Both acknowledge by a named exception, and the network is cut one way only. */
    static boolean seenByOne(State state) {
        boolean both = state.server(0) == SERVING && state.server(1) == SERVING;
        return both && state.cut() != BOTH && state.world() == World.PAIR;
    }

    /** Whom a person forces, or promotes beside a silent peer; and who restarts in place beside a silent peer. */
    static boolean mayOpenBesideAFrozenPeer(State state, int member) {
        boolean moved = !state.is(member, Part.ANSWER, NOTHING) || state.is(member, Part.TOLD_TO_GO, 1);
        if (moved || (!state.world().pair && member == 1)) {
            return false;
        }
        int seen = state.server(1 - member);
        boolean silent = state.world().pair && (!state.reaches(member) || seen == OFF || seen == START);
        int why = state.get(member, Part.WHY);
        boolean forced = state.is(member, Part.TRIGGER, FORCE) || why == FORCED;
        boolean asked = forced || why == PROMOTED || (!state.open(member) && !state.is(member, Part.TRIGGER, 0));
        int number = state.open(member) ? state.get(member, Part.NUMBER) : Data.nextNumber(state, member);
        return switch (state.server(member)) {
            case START -> silent && state.is(member, Part.BEAT, 1) && state.is(member, Part.HALF, 0);
            case RECOVERY, GATED -> (forced && state.get(1 - member, Part.NUMBER) < number) || (silent && asked);
            default -> false;
        };
    }

    static void leave(State state, int member) {
        state.set(member, Part.EXCUSED, 0);
        state.set(member, Part.BEHIND, Math.min(1, state.get(member, Part.BEHIND)));
    }

    static void check(State state) {
        if (state.world() == World.OLD_NUMBERS) {
            return; // it begins with what must not be, and is about how it ends
        }
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
