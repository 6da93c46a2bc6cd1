package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;

/** The actions of the table, as PROTOCOL says them. */
final class Actions {

    private Actions() {}

    static void perform(State state, int member, String action) {
        switch (action) {
            case "wait", "complain", "pend", "stand", "serve", "look" -> quiet(state, member, action);
            case "follow" -> recover(state, member, 0);
            case "rejoin" -> rejoin(state, member);
            case "yield-copy" -> yieldAndCopy(state, member);
            case "copy" -> copy(state, member);
            case "open-alone" -> raise(state, member, ALONE);
            case "open-newer" -> raise(state, member, NEWER);
            case "open-place" -> raise(state, member, PLACE);
            case "open" -> raise(state, member, PROMISED);
            case "renew" -> raise(state, member, RENEWED);
            case "promise" -> promise(state, member);
            case "ask" -> ask(state, member);
            case "refuse" -> state.set(member, Part.TRIGGER, 0).set(member, Part.INTENT, 0);
            case "promote" -> promote(state, member);
            case "yield" -> start(state, member);
            case "back" -> recover(state, member, state.get(member, Part.WAS_PRIMARY));
            case "oust" -> oust(state, member);
            default -> throw new Violation("the table has an action that nobody knows: " + action);
        }
    }

    private static void quiet(State state, int member, String action) {
        if (action.equals("serve") && state.server(member) == GATED) {
            Invariants.serve(state, member);
        } else if (action.equals("pend") && state.is(member, Part.ANSWER, IS_PRIMARY)) {
            intendPromotion(state, member);
        } else if (action.equals("look") && state.server(member) == RECOVERY) {
            intendPromotion(state, member);
        } else if (action.equals("stand")) {
            state.set(member, Part.WAS_PRIMARY, 0);
        } else if (action.equals("wait") && state.server(member) == START && state.is(member, Part.HALF, 0)) {
            recover(state, member, state.get(member, Part.WAS_PRIMARY));
        }
    }

    private static void intendPromotion(State state, int member) {
        forget(state, member);
        state.set(member, Part.INTENT, PROMOTING);
    }

    /** The nonce of the last question for a promise counts no more. */
    static void forget(State state, int member) {
        int other = 1 - member;
        state.set(member, Part.ASKING, 0).set(member, Part.GOT, 0).set(member, Part.ANSWER_PROMISE, 0);
        if (state.is(member, Part.INTENT, OPENING)) {
            state.set(member, Part.INTENT, 0);
        }
        if (state.is(other, Part.GIVEN, CURRENT)) {
            state.set(other, Part.GIVEN, PAST);
        }
        if (state.is(other, Part.ANSWER_INTENT, OPENING)) {
            state.set(other, Part.ANSWER_INTENT, OPENING_BEFORE);
        }
    }

    /** What does not outlive the server's role: no right, no intention, no trigger, no question. */
    static void clear(State state, int member) {
        forget(state, member);
        Invariants.leave(state, member);
        state.set(member, Part.INTENT, 0).set(member, Part.TRIGGER, 0).set(member, Part.WHY, 0);
        state.set(member, Part.TOLD_TO_GO, 0);
        Answers.drop(state, member);
    }

    static void start(State state, int member) {
        clear(state, member);
        state.set(member, Part.SERVER, START).set(member, Part.BEAT, 0);
    }

    private static void recover(State state, int member, int wasPrimary) {
        clear(state, member);
        state.set(member, Part.SERVER, RECOVERY).set(member, Part.WAS_PRIMARY, wasPrimary);
        state.set(member, Part.BEAT, 0); // who starts in recovery removes its heartbeat first
    }

    private static void rejoin(State state, int member) {
        if (!state.is(member, Part.ANSWER, IS_PRIMARY)) {
            return; // nothing was begun: it waits for a primary
        }
        clear(state, member);
        state.set(member, Part.SERVER, REWINDING);
    }

    /** What is here is kept and never started again, so that only a copy comes of it. */
    private static void yieldAndCopy(State state, int member) {
        start(state, member);
        state.set(member, Part.HALF, 1).set(member, Part.ROWS, 0);
    }

    private static void copy(State state, int member) {
        if (state.open(1 - member) && state.reaches(member)) {
            Invariants.copy(state, member);
            clear(state, member);
            Data.replace(state, member);
            state.set(member, Part.WAS_PRIMARY, 0);
        }
    }

    private static void raise(State state, int member, int why) {
        int intent = why == PROMISED ? OPENING : why == RENEWED || why == NEWER ? PROMOTING : 0;
        Invariants.open(state, member, why);
        Invariants.leave(state, member);
        boolean undue = why == PLACE && state.is(member, Part.BEAT, 0);
        state.set(member, Part.SERVER, RAISING)
                .set(member, Part.WHY, undue ? UNDUE : why)
                .set(member, Part.INTENT, intent);
        state.set(member, Part.WAS_PRIMARY, 1).set(member, Part.TOLD_TO_GO, 0);
        if (why == ALONE || why == PLACE) {
            state.set(member, Part.BEAT, 1);
        }
    }

    private static void promise(State state, int member) {
        boolean current = state.is(member, Part.ANSWER_INTENT, OPENING);
        if (current || state.is(member, Part.GIVEN, 0)) {
            state.set(member, Part.GIVEN, current ? CURRENT : PAST);
        }
    }

    private static void ask(State state, int member) {
        if (!state.is(member, Part.ASKING, CURRENT)) {
            forget(state, member);
            state.set(member, Part.ASKING, CURRENT).set(member, Part.INTENT, OPENING);
        }
    }

    private static void promote(State state, int member) {
        boolean forced = state.is(member, Part.TRIGGER, FORCE);
        Invariants.open(state, member, forced ? FORCED : PROMOTED);
        forget(state, member);
        state.set(member, Part.SERVER, GATED).set(member, Part.WHY, forced ? FORCED : PROMOTED);
        state.set(member, Part.TRIGGER, forced ? FORCE : 0).set(member, Part.INTENT, 0);
        state.set(member, Part.WAS_PRIMARY, 1).set(member, Part.BEAT, 1);
        Data.promote(state, member);
    }

    private static void oust(State state, int member) {
        Invariants.oust(state, member);
        int other = 1 - member;
        if (state.open(other) && state.reaches(member)) {
            state.set(other, Part.TOLD_TO_GO, 1);
        }
    }
}
