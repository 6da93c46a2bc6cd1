package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.DIVERGED;
import static io.github.postgresqlha.script.protocol.State.SAME;

import io.github.postgresqlha.script.protocol.State.Part;

/** Timelines and rows. A timeline is a number that its member owns: even of member 0, odd of member 1. */
final class Data {

    /** The highest number that there is room for. */
    static final int LAST_NUMBER = 14;

    private Data() {}

    static void write(State state, int member, boolean acknowledged) {
        if (state.data() == SAME) {
            state.data(1 + member);
        } else if (state.data() == 2 - member) {
            state.data(DIVERGED);
        }
        if (acknowledged) {
            state.set(member, Part.ROWS, 1);
        }
    }

    static int nextNumber(State state, int member) {
        int next = state.get(member, Part.KNOWN) + 1;
        return next % 2 == member ? next : next + 1;
    }

    /** A new timeline of this member's own. */
    static void promote(State state, int member) {
        int number = nextNumber(state, member);
        if (number <= state.get(member, Part.MINTED)) {
            throw new Violation("a timeline number is used twice");
        }
        state.set(member, Part.NUMBER, number).set(member, Part.KNOWN, number).set(member, Part.MINTED, number);
        state.set(member, Part.BEHIND, 0);
        state.later(1 + member);
        write(state, member, false);
    }

    /** The standby has received everything. */
    static void stream(State state, int standby) {
        if (state.get(standby, Part.ROWS) == 1) {
            throw new Violation("acknowledged rows vanish by streaming");
        }
        int known = Math.max(state.get(standby, Part.KNOWN), state.get(1 - standby, Part.NUMBER));
        alike(state, standby);
        state.set(standby, Part.KNOWN, known);
    }

    /** The data are those of the peer now. What only this member had was reported and kept before. */
    static void replace(State state, int member) {
        alike(state, member);
        state.set(member, Part.KNOWN, state.get(1 - member, Part.NUMBER));
        state.set(member, Part.HALF, 0);
    }

    private static void alike(State state, int member) {
        int other = 1 - member;
        state.data(SAME);
        state.later(0);
        state.set(0, Part.ROWS, 0).set(1, Part.ROWS, 0);
        state.set(member, Part.NUMBER, state.get(other, Part.NUMBER));
        state.set(member, Part.BEHIND, Math.min(1, state.get(other, Part.BEHIND)));
    }
}
