package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.DecisionTable.Row;
import io.github.postgresqlha.script.protocol.DecisionTable.Situation;
import io.github.postgresqlha.script.protocol.State.Part;

/** What a member does when an answer reaches it: the facts, the row of the table, the action. */
final class Member {

    private static final int[] WHY_TOLD = {0, ALONE, PLACE, PROMISED, PROMOTED, FORCED, PROMOTED, PLACE, PROMOTED};

    private final DecisionTable table;

    Member(DecisionTable table) {
        this.table = table;
    }

    /** Usage of stuck: 0 no, 1 stuck, 2 stuck and the primary no longer has the WAL. */
    Row decide(State state, int member, int stuck) {
        if (state.is(member, Part.ANSWER_PROMISE, 1) && !state.is(member, Part.ASKING, 0)) {
            state.set(member, Part.GOT, 1);
        }
        Situation situation = situation(state, member);
        long facts = own(state, member, situation) | others(state, member);
        if (situation == Situation.RECOVERY) {
            facts |= stuck > 0 ? Facts.STUCK.of(1) : state.streams(member) ? Facts.STREAM.of(1) : 0;
            facts |= stuck == 2 ? Facts.WAL.of(2) : stuck == 1 ? Facts.WAL.of(1) : 0;
        }
        return table.decide(situation, facts);
    }

    static Situation situation(State state, int member) {
        return switch (state.server(member)) {
            case START -> Situation.START;
            case RECOVERY -> state.is(member, Part.TRIGGER, 0) ? Situation.RECOVERY : Situation.TRIGGER;
            case GATED -> Situation.OPENING;
            default -> Situation.PRIMARY;
        };
    }

    private static long own(State state, int member, Situation situation) {
        boolean fresh = situation == Situation.OPENING || state.is(member, Part.INTENT, PROMOTING);
        boolean answered = !state.is(member, Part.ANSWER, NOTHING) && !state.is(member, Part.ANSWER, NO_PEER);
        int got = state.is(member, Part.GOT, 1) ? state.get(member, Part.ASKING) : 0;
        return Facts.DATA.of(state.is(member, Part.HALF, 1) ? 2 : 1)
                | Facts.LAST.of(state.is(member, Part.WAS_PRIMARY, 1) ? 1 : 2)
                | Facts.COPIED.of(state.is(member, Part.COPIED, 1) ? 1 : 2)
                | Facts.BEAT.of(state.is(member, Part.BEAT, 1) ? 1 : 2)
                | Facts.TRIGGER.of(state.get(member, Part.TRIGGER))
                | Facts.LOOK.of(fresh && answered ? 1 : 0)
                | Facts.GIVEN.of(state.is(member, Part.GIVEN, 0) ? 0 : 1)
                | Facts.GOT.of(got)
                | Facts.WHY.of(WHY_TOLD[state.get(member, Part.WHY)]);
    }

    private static long others(State state, int member) {
        int answer = state.get(member, Part.ANSWER);
        if (state.world() == World.NO_PEER) {
            return 0;
        }
        if (answer == FOREIGN) {
            return Facts.PEER.of("foreign");
        }
        if (answer != IN_RECOVERY && answer != IS_PRIMARY) {
            return Facts.PEER.of(answer == DOWN ? "down" : "unknown");
        }
        int intent = state.get(member, Part.ANSWER_INTENT);
        int order = Integer.compare(state.get(member, Part.ANSWER_NUMBER), state.get(member, Part.NUMBER));
        return Facts.PEER.of(answer == IS_PRIMARY ? "primary" : "recovery")
                | Facts.TWIN.of(answer == IS_PRIMARY && order == 0 && twins(state) ? 1 : 0)
                | Facts.ORDER.of(order + 2)
                | Facts.FIRST.of(first(state, member, order) ? 1 : 2)
                | Facts.INTENT.of(intent == PROMOTING ? 2 : intent > 0 ? 1 : 0);
    }

    /** Two histories on one number, which only this world has. The scripts know them by where they begin. */
    private static boolean twins(State state) {
        return state.world() == World.OLD_NUMBERS
                && state.data() == DIVERGED
                && state.get(0, Part.NUMBER) == state.get(1, Part.NUMBER);
    }

    private static boolean first(State state, int member, int order) {
        if (order != 0) {
            return order < 0;
        }
        int lsn = state.get(member, Part.ANSWER_LSN);
        return lsn == SAME ? member == 0 : lsn == 1 + member;
    }
}
