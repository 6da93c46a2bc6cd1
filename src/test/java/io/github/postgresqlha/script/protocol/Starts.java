package io.github.postgresqlha.script.protocol;

import io.github.postgresqlha.script.protocol.State.Part;
import java.util.ArrayList;
import java.util.List;

/** Where explorations begin. */
final class Starts {

    private Starts() {}

    /** A pair that works, and a primary that was never copied. */
    static List<State> all() {
        List<State> starts = new ArrayList<>();
        starts.add(serving(World.PAIR, true));
        starts.add(
                serving(World.PAIR, false).set(1, Part.SERVER, State.OFF).set(1, Part.HALF, 1)); // no copy was made yet
        starts.add(crashed(1));
        starts.add(crashed(0).set(1, Part.SERVER, State.OFF));
        starts.add(promoted(State.OFF));
        starts.add(promoted(State.SERVING));
        starts.add(serving(World.FOREIGN_PEER, true));
        starts.add(serving(World.NO_PEER, false));
        starts.add(serving(World.NO_PEER, true)); // its standby was given up
        starts.add(putBack());
        starts.add(twice());
        return starts;
    }

    /** The primary crashed with rows that the standby does not have. */
    private static State crashed(int beat) {
        State state = serving(World.PAIR, true).set(0, Part.SERVER, State.OFF).set(0, Part.BEAT, beat);
        Data.write(state, 0, true);
        return state;
    }

    /** The standby was promoted then, and has rows of its own. */
    private static State promoted(int server) {
        State state = crashed(0)
                .set(1, Part.WAS_PRIMARY, 1)
                .set(1, Part.SERVER, server)
                .set(0, Part.BEHIND, 1);
        Data.promote(state, 1);
        state.set(1, Part.ROWS, 1);
        return server == State.SERVING ? state.set(1, Part.BEAT, 1) : state;
    }

    /** The standby has acknowledged rows that the primary no longer has, which knows of no standby. */
    private static State putBack() {
        State state =
                serving(World.PUT_BACK, true).set(0, Part.SERVER, State.OFF).set(0, Part.BEAT, 0);
        state.data(2);
        return state.set(0, Part.COPIED, 0).set(1, Part.ROWS, 1);
    }

    /** Both were promoted to one number, and serve. */
    private static State twice() {
        State state = serving(World.OLD_NUMBERS, true);
        for (int member = 0; member < 2; member++) {
            state.set(member, Part.SERVER, State.SERVING).set(member, Part.WAS_PRIMARY, 1);
            state.set(member, Part.BEAT, 1).set(member, Part.ROWS, 1).set(member, Part.EXCUSED, 1);
        }
        state.data(State.DIVERGED);
        return state;
    }

    private static State serving(World world, boolean copied) {
        State state = new State();
        state.world(world);
        for (int member = 0; member < 2; member++) {
            state.set(member, Part.NUMBER, 2).set(member, Part.KNOWN, 2).set(member, Part.COPIED, copied ? 1 : 0);
        }
        state.set(0, Part.MINTED, 2).set(1, Part.MINTED, 1);
        state.set(0, Part.SERVER, State.SERVING).set(0, Part.WAS_PRIMARY, 1).set(0, Part.BEAT, 1);
        state.set(1, Part.SERVER, State.RECOVERY);
        return state;
    }
}
