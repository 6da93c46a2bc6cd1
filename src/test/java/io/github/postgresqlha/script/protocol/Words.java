package io.github.postgresqlha.script.protocol;

import io.github.postgresqlha.script.protocol.State.Part;

/** A state and an event in words, for counterexamples. */
final class Words {

    private static final String[] SERVERS = {"off", "starting", "in recovery", "rising", "gated", "SERVING", "rewinding"
    };

    private Words() {}

    static String of(State state) {
        return member(state, 0) + " | " + member(state, 1)
                + new String[] {"", " | A does not reach B", " | B does not reach A", " | parted"}[state.cut()]
                + " | data " + new String[] {"same", "A ahead", "B ahead", "diverged"}[state.data()];
    }

    private static String member(State state, int member) {
        StringBuilder text = new StringBuilder(name(member) + " " + SERVERS[state.server(member)]);
        for (Part part : Part.values()) {
            if (part != Part.SERVER && part != Part.SHARED && state.get(member, part) != 0) {
                text.append(' ')
                        .append(part.name().toLowerCase(java.util.Locale.ROOT))
                        .append('=')
                        .append(state.get(member, part));
            }
        }
        return text.toString();
    }

    static String name(int member) {
        return member == 0 ? "A" : "B";
    }
}
