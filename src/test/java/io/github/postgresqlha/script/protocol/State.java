package io.github.postgresqlha.script.protocol;

/** Two members at one moment. Members are 0 (named primary) and 1 (named standby). Packed: 64 bits a member. */
final class State {

    static final int OFF = 0; // no container
    static final int START = 1; // the container runs, its server does not
    static final int RECOVERY = 2;
    static final int RAISING = 3; // it has the right to open, and its server is on its way
    static final int GATED = 4; // open, and no commit is acknowledged
    static final int SERVING = 5;
    static final int REWINDING = 6; // pg_rewind or a copy in the place of the data

    static final int OPENING = 1; // intent, with the nonce that it now has
    static final int PROMOTING = 2;
    static final int OPENING_BEFORE = 3; // only in an answer on its way: the nonce has changed since

    static final int CURRENT = 1; // given: to the nonce that the other now has; asked: its right has not run out
    static final int PAST = 2; // given: to an earlier nonce; asked: its right has run out

    static final int ASKED = 1;
    static final int LATE = 2;
    static final int FORCE = 3;

    static final int ALONE = 1;
    static final int PLACE = 2;
    static final int PROMISED = 3;
    static final int PROMOTED = 4;
    static final int FORCED = 5;
    static final int RENEWED = 6; // told to the table as promoted

    static final int UNDUE =
            7; // told to the table as place, though no heartbeat was fresh: no exception is meant for it

    static final int NEWER = 8; // alone, on a timeline of its own; told to the table as promoted

    static final int NOTHING = 0; // answer: no question is on its way
    static final int DOWN = 1; // silence, because the server is down
    static final int MISSED = 2; // silence, though the server runs
    static final int IN_RECOVERY = 3;
    static final int IS_PRIMARY = 4;
    static final int FOREIGN = 5;
    static final int NO_PEER = 6;

    static final int SAME = 0;
    static final int BOTH = 3; // cut: neither reaches the other

    static final int DIVERGED = 3; // 1 + member: that member is ahead, and has all that the other has

    /** What is kept of a member, with its width in bits. */
    enum Part {
        SERVER(3),
        HALF(1),
        WAS_PRIMARY(1),
        BEAT(1),
        COPIED(1),
        INTENT(2),
        TRIGGER(2),
        GIVEN(2),
        ASKING(2),
        GOT(1),
        WHY(4),
        ANSWER(3),
        ANSWER_NUMBER(4),
        ANSWER_INTENT(2),
        ANSWER_LSN(2),
        ANSWER_PROMISE(1),
        TOLD_TO_GO(1),
        NUMBER(4),
        KNOWN(4),
        MINTED(4),
        BEHIND(2), // a later branch has acknowledged rows; 2: by a named exception, for as long as this member is open
        ROWS(1), // acknowledged rows that the other does not have
        EXCUSED(1), // it serves by a named exception
        SHARED(8); // of member 0: how the data compare and whose branch is later; of member 1: partition, world

        @SuppressWarnings("EnumOrdinal") // states and facts are packed by number, within one run only
        final int at = ordinal();

        final int width;

        Part(int width) {
            this.width = width;
        }
    }

    private static final Part[] PARTS = Part.values();
    private static final int N = PARTS.length;

    final int[] v = new int[2 * N];

    int get(int member, Part part) {
        return v[member * N + part.at];
    }

    State set(int member, Part part, int value) {
        v[member * N + part.at] = value;
        return this;
    }

    boolean is(int member, Part part, int value) {
        return get(member, part) == value;
    }

    int server(int member) {
        return get(member, Part.SERVER);
    }

    boolean open(int member) {
        return server(member) == GATED || server(member) == SERVING;
    }

    /** How the data compare: SAME, 1 + member that is ahead, DIVERGED. */
    int data() {
        return get(0, Part.SHARED) & 3;
    }

    void data(int value) {
        set(0, Part.SHARED, (get(0, Part.SHARED) & ~3) | value);
    }

    /** Whose branch was made later: 0 none, 1 + member. */
    int later() {
        return get(0, Part.SHARED) >> 2;
    }

    void later(int value) {
        set(0, Part.SHARED, (value << 2) | data());
    }

    /** Who cannot ask the other: 0 nobody, 1 + member, BOTH. */
    int cut() {
        return get(1, Part.SHARED) & 3;
    }

    void cut(int value) {
        set(1, Part.SHARED, (get(1, Part.SHARED) & ~3) | value);
    }

    /** Whether what it asks and follows gets to the other. */
    boolean reaches(int member) {
        return cut() == 0 || cut() == 2 - member;
    }

    World world() {
        return World.ALL[get(1, Part.SHARED) >> 2];
    }

    void world(World world) {
        set(1, Part.SHARED, (world.number << 2) | cut());
    }

    /** In recovery, and able to receive what the open peer writes. */
    boolean streams(int member) {
        return server(member) == RECOVERY
                && open(1 - member)
                && reaches(member)
                && world().pair
                && (data() == SAME || data() == 2 - member);
    }

    long pack(int member) {
        long packed = 0;
        for (int part = 0; part < N; part++) {
            packed = (packed << PARTS[part].width) | v[member * N + part];
        }
        return packed;
    }

    void unpack(long first, long second) {
        unpack(0, first);
        unpack(1, second);
    }

    private void unpack(int member, long packed) {
        for (int part = N - 1; part >= 0; part--) {
            v[member * N + part] = (int) (packed & ((1L << PARTS[part].width) - 1));
            packed >>>= PARTS[part].width;
        }
    }

    void copy(State other) {
        System.arraycopy(other.v, 0, v, 0, v.length);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
