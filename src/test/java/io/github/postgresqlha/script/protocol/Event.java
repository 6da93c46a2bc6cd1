package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;

/** What may happen to one member next. A disturbance counts; everything else is free. */
enum Event {
    ASK("asks the other", 0),
    HEAR("hears the answer", 0),
    HEAR_STUCK("hears the answer, and is stuck", 0),
    HEAR_GONE("hears the answer, is stuck, and the WAL is gone", 0),
    RISE("is open now, gated", 0),
    REWRITE("kept what only it had, reported it, and pg_rewind begins to write", 0),
    REWOUND("has the other's data now", 0),
    REWIND_FAILS("cannot rewind: the other is not there", 0),
    STAND_DOWN("stands down, as it was told", 0),
    RECEIVE("has received everything", 0),
    WRITE("acknowledges more rows", 0),
    BEAT_ENDS("has a heartbeat that is too old", 0),
    RIGHT_ENDS("asked too long ago to count on the promise", 0),
    PROMISE_ENDS("gave a promise that ends", 0),
    TRIGGER_LATE("has a request that is late, or has been open and gated for long", 0),
    RESTART("restarts in place", 0),
    NEW_POD("starts as a new pod", 0),
    CRASH("crashes", 1),
    SCALE_0("is scaled to 0", 1),
    TRIGGER("is asked by a person to be promoted", 1),
    FORCE("is forced by a person to be promoted", 1),
    PART("cannot reach the other from now on, nor the other it", 1),
    PART_ONE_WAY("cannot reach the other from now on", 1),
    HEAL("reaches the other again", 0);

    static final Event[] ALL = values();

    final String words;
    final int cost;

    Event(String words, int cost) {
        this.words = words;
        this.cost = cost;
    }

    boolean may(State state, int member) {
        int server = state.server(member);
        if (!state.world().pair && (member == 1 || (this == PART || this == PART_ONE_WAY))) {
            return false;
        }
        return switch (this) {
            case ASK -> Answers.mayAsk(state, member);
            case HEAR -> !state.is(member, Part.ANSWER, NOTHING);
            case HEAR_STUCK, HEAR_GONE -> server == RECOVERY && state.is(member, Part.ANSWER, IS_PRIMARY);
            case RISE -> server == RAISING;
            case REWRITE, REWOUND ->
                server == REWINDING
                        && state.open(1 - member)
                        && state.reaches(member)
                        && (this == REWRITE ? !begun(state, member) : begun(state, member));
            case REWIND_FAILS -> server == REWINDING && (!state.open(1 - member) || !state.reaches(member));
            case STAND_DOWN -> state.is(member, Part.TOLD_TO_GO, 1);
            case RECEIVE -> state.streams(member) && news(state);
            case WRITE -> server == SERVING && (state.is(member, Part.ROWS, 0) || state.data() == SAME);
            case RESTART, NEW_POD -> server == OFF;
            case CRASH, SCALE_0 -> server != OFF;
            case TRIGGER, FORCE -> server == RECOVERY && state.is(member, Part.TRIGGER, 0);
            case PART -> member == 0 && state.cut() == 0;
            case PART_ONE_WAY -> state.cut() == 0;
            case HEAL -> member == 0 && state.cut() != 0;
            default -> time(state, member, server);
        };
    }

    private static boolean news(State state) {
        return state.data() != SAME || state.get(0, Part.NUMBER) != state.get(1, Part.NUMBER) || state.later() != 0;
    }

    /** A promise lasts at least as long as the other may count on it. */
    private boolean time(State state, int member, int server) {
        return switch (this) {
            case BEAT_ENDS -> state.is(member, Part.BEAT, 1) && server != RAISING && !state.open(member);
            case RIGHT_ENDS -> state.is(member, Part.ASKING, CURRENT);
            case PROMISE_ENDS ->
                state.is(member, Part.GIVEN, PAST)
                        || (state.is(member, Part.GIVEN, CURRENT) && !state.is(1 - member, Part.ASKING, CURRENT));
            default ->
                state.is(member, Part.TRIGGER, ASKED)
                        || (server == GATED && !state.is(member, Part.TRIGGER, State.LATE));
        };
    }

    void apply(State state, int member, Member decisions) {
        switch (this) {
            case ASK -> ask(state, member, decisions);
            case HEAR -> hear(state, member, decisions, 0);
            case HEAR_STUCK -> hear(state, member, decisions, 1);
            case HEAR_GONE -> hear(state, member, decisions, 2);
            case STAND_DOWN -> Actions.start(state, member);
            case RECEIVE -> Data.stream(state, member);
            case WRITE -> Data.write(state, member, true);
            case BEAT_ENDS -> state.set(member, Part.BEAT, 0);
            case RIGHT_ENDS -> state.set(member, Part.ASKING, PAST);
            case PROMISE_ENDS -> state.set(member, Part.GIVEN, 0);
            case TRIGGER_LATE -> state.set(member, Part.TRIGGER, LATE);
            case TRIGGER -> state.set(member, Part.TRIGGER, ASKED);
            case FORCE -> state.set(member, Part.TRIGGER, State.FORCE);
            case PART -> state.cut(BOTH);
            case PART_ONE_WAY -> state.cut(1 + member);
            case HEAL -> state.cut(0);
            default -> container(state, member);
        }
    }

    private void container(State state, int member) {
        switch (this) {
            case RISE -> rise(state, member);
            case REWOUND -> {
                Data.replace(state, member);
                state.set(member, Part.SERVER, RECOVERY)
                        .set(member, Part.WAS_PRIMARY, 0)
                        .set(member, Part.BEAT, 0);
            }
            case REWRITE -> begin(state, member);
            case REWIND_FAILS, RESTART -> state.set(member, Part.SERVER, START);
            case NEW_POD -> state.set(member, Part.SERVER, START).set(member, Part.BEAT, 0);
            case SCALE_0 -> scaleToZero(state, member);
            default -> {
                Actions.clear(state, member);
                state.set(member, Part.SERVER, OFF);
            }
        }
    }

    /** The slot at the primary comes before the first byte of a copy, and is the proof that there is one. */
    private static void begin(State state, int member) {
        state.set(member, Part.HALF, 1).set(member, Part.ROWS, 0).set(1 - member, Part.COPIED, 1);
    }

    private static boolean begun(State state, int member) {
        return state.is(member, Part.HALF, 1) && state.is(1 - member, Part.COPIED, 1);
    }

    private static void rise(State state, int member) {
        state.set(member, Part.SERVER, GATED).set(member, Part.BEAT, 1);
        if (state.is(member, Part.WHY, RENEWED) || state.is(member, Part.WHY, NEWER)) {
            Data.promote(state, member);
        } else {
            Data.write(state, member, false);
        }
    }

    /** A clean stop waits until a standby that streams has everything, and leaves no heartbeat. */
    private static void scaleToZero(State state, int member) {
        if (state.open(member) && state.streams(1 - member)) {
            Data.stream(state, 1 - member);
        }
        Actions.clear(state, member);
        state.set(member, Part.SERVER, OFF).set(member, Part.BEAT, 0);
    }

    /** Who has just opened decides before it has looked; the question is one of its possible decisions. */
    private static void ask(State state, int member, Member decisions) {
        if (state.server(member) == GATED) {
            hear(state, member, decisions, 0);
        } else {
            Answers.ask(state, member);
        }
    }

    private static void hear(State state, int member, Member decisions, int stuck) {
        DecisionTable.Row row = decisions.decide(state, member, stuck);
        if (row == null) {
            throw new Violation("no row decides");
        }
        boolean looks = state.server(member) == GATED && row.action().equals("look");
        Actions.perform(state, member, row.action());
        Answers.drop(state, member);
        if (looks) {
            Answers.ask(state, member);
        }
    }
}
