package io.github.postgresqlha.script.protocol;

import static io.github.postgresqlha.script.protocol.State.*;

import io.github.postgresqlha.script.protocol.State.Part;
import java.util.Arrays;
import java.util.stream.Stream;

/** What the members come to by themselves when nobody disturbs them: the person rests, nothing crashes. */
final class FairRun {

    enum Kind {
        TOGETHER("left alone, they do not come to one primary and one standby"),
        WAL_GONE(
                "left alone, and without the WAL that was not received yet, they do not come to a primary and a standby"),
        SEEN_BY_ONE("one of them sees that both acknowledge, and both go on"),
        BESIDE_A_FROZEN_PEER("it has the right to open, whatever the other does, and never serves");

        final String failure;

        Kind(String failure) {
            this.failure = failure;
        }
    }

    private static final int ROUNDS = 60;
    private static final Event[] STEPS = {
        Event.REWRITE, Event.REWOUND, Event.REWIND_FAILS, Event.RISE, Event.STAND_DOWN, Event.RECEIVE
    };
    private static final Event[] TIME = {Event.RIGHT_ENDS, Event.PROMISE_ENDS, Event.BEAT_ENDS, Event.TRIGGER_LATE};

    final Kind kind;
    private final Member decisions;
    private final int leader;
    private final Visited good = new Visited();
    private final State now = new State();
    private final State before = new State();
    private final State[] trail = Stream.generate(State::new).limit(ROUNDS).toArray(State[]::new);

    FairRun(Kind kind, Member decisions, int leader) {
        this.kind = kind;
        this.decisions = decisions;
        this.leader = leader;
    }

    static FairRun[] all(Member decisions) {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(new FairRun(kind, decisions, 0), new FairRun(kind, decisions, 1)))
                .toArray(FairRun[]::new);
    }

    /** Whether anything is asked of them here. */
    boolean due(State state) {
        return switch (kind) {
            case BESIDE_A_FROZEN_PEER -> Invariants.mayOpenBesideAFrozenPeer(state, leader);
            case SEEN_BY_ONE -> Invariants.seenByOne(state);
            default -> !Invariants.mayWaitForAPerson(state);
        };
    }

    /** Whether what is asked of them is reached. */
    boolean ends(State from) {
        begin(from);
        for (int round = 0; round < ROUNDS; round++) {
            if (reached() || good.has(now)) {
                Arrays.stream(trail, 0, round).forEach(passed -> good.add(passed, -1, 0));
                return true;
            }
            before.copy(now);
            trail[round].copy(now);
            round();
            if (Arrays.equals(before.v, now.v)) {
                pass();
            }
            if (Arrays.equals(before.v, now.v)) {
                return false;
            }
        }
        return false; // in circles
    }

    /** The same run again, told. */
    String story(State from) {
        StringBuilder told = new StringBuilder();
        begin(from);
        try {
            for (int round = 0; round < 8; round++) {
                round();
                told.append("    ").append(now).append("\n");
            }
        } catch (Violation v) {
            told.append("    " + v.getMessage() + "\n    " + now + "\n");
        }
        return told.toString();
    }

    private void begin(State from) {
        now.copy(from);
        if (kind == Kind.TOGETHER || kind == Kind.WAL_GONE) {
            now.cut(0);
        }
    }

    private void round() {
        step(leader);
        if (kind != Kind.BESIDE_A_FROZEN_PEER) {
            step(1 - leader);
        }
    }

    private void step(int member) {
        if (now.server(member) == OFF && may(Event.NEW_POD, member)) {
            Event.NEW_POD.apply(now, member, decisions);
        }
        for (Event event : STEPS) {
            if (may(event, member) && !(event == Event.RECEIVE && lacksWal(member))) {
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
            boolean gone = may(Event.HEAR_GONE, member) && lacksWal(member);
            Event heard = gone ? Event.HEAR_GONE : stuck ? Event.HEAR_STUCK : Event.HEAR;
            heard.apply(now, member, decisions);
        }
    }

    private boolean lacksWal(int member) {
        return kind == Kind.WAL_GONE && now.data() != SAME && now.open(1 - member);
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

    private boolean reached() {
        if (kind == Kind.BESIDE_A_FROZEN_PEER) {
            return now.server(leader) == SERVING;
        }
        if (kind == Kind.SEEN_BY_ONE) {
            return !(now.server(0) == SERVING && now.server(1) == SERVING);
        }
        if (now.world() == World.NO_PEER) {
            return now.server(0) == SERVING;
        }
        for (int member = 0; member < 2; member++) {
            if (now.server(member) == SERVING
                    && now.server(1 - member) == RECOVERY
                    && now.data() == SAME
                    && now.is(1 - member, Part.WAS_PRIMARY, 0)) {
                return true;
            }
        }
        return false;
    }
}
