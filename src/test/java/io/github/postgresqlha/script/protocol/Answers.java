package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;

/** A question takes what the peer shows when it is asked; the answer may reach the member at any later time. */
final class Answers {

    private Answers() {}

    static boolean mayAsk(State state, int member) {
        int server = state.server(member);
        return state.is(member, Part.ANSWER, NOTHING)
                && (server == START || server == RECOVERY || server == GATED || server == SERVING);
    }

    static void ask(State state, int member) {
        int other = 1 - member;
        int server = state.server(other);
        if (!state.world().pair) {
            state.set(member, Part.ANSWER, state.world() == World.NO_PEER ? NO_PEER : FOREIGN);
        } else if (server != RECOVERY && server != GATED && server != SERVING) {
            state.set(member, Part.ANSWER, DOWN);
        } else if (!state.reaches(member)) {
            state.set(member, Part.ANSWER, state.open(other) ? MISSED : DOWN);
        } else {
            state.set(member, Part.ANSWER, server == RECOVERY ? IN_RECOVERY : IS_PRIMARY);
            state.set(member, Part.ANSWER_NUMBER, state.get(other, Part.NUMBER));
            state.set(member, Part.ANSWER_INTENT, state.get(other, Part.INTENT));
            state.set(member, Part.ANSWER_LSN, state.data() == DIVERGED ? 0 : state.data());
            state.set(member, Part.ANSWER_PROMISE, state.is(other, Part.GIVEN, CURRENT) ? 1 : 0);
            state.set(member, Part.COPIED, 1);
        }
    }

    static void drop(State state, int member) {
        state.set(member, Part.ANSWER, NOTHING)
                .set(member, Part.ANSWER_NUMBER, 0)
                .set(member, Part.ANSWER_INTENT, 0);
        state.set(member, Part.ANSWER_LSN, 0).set(member, Part.ANSWER_PROMISE, 0);
    }
}
