package io.github.postgresqlha.script.protocol;

import io.github.postgresqlha.script.protocol.DecisionTable.Row;
import java.util.List;

/**
 * What the table decides where the two members come to the same with another decision: facts, and what they lead to. People are
 * told something else there; or it is done sooner, or without a second line of defence.
 */
final class Told {

    static final List<Row> DECISIONS = """
            start last=standby data=whole peer=primary order=same twin=yes copied=yes -> wait: the peer is primary, and its timeline of this number is another one
            start last=standby data=whole peer=unknown copied=yes -> follow: it was a standby when it stopped
            start last=primary data=whole peer=primary order=older copied=yes -> rejoin: the peer is primary on a newer timeline
            start last=primary data=whole peer=unknown copied=no made=yes beat=stale -> open-alone: these data were just made
            recovery peer=foreign -> wait: the peer holds another database system
            recovery peer=primary order=same stuck=yes wal=there -> complain: nothing is received, though the data are the primary's
            recovery peer=primary order=same stuck=yes -> complain: nothing is received, though the data are the primary's
            recovery peer=primary order=same -> wait: it may begin to stream
            recovery peer=recovery order=same first=yes intent=promoting -> wait: the peer is being promoted
            recovery peer=recovery order=same first=yes given=promise -> wait: the other was promised that it may open
            trigger trigger=asked peer=primary -> pend: the peer is primary
            trigger trigger=asked peer=unknown -> pend: the peer is silent, which is no proof that it is down
            opening why=place look=fresh peer=primary order=same first=yes -> look: the peer is primary on the same timeline, and gives way by itself
            opening why=place look=fresh peer=primary order=same first=no -> yield-copy: the peer is primary on the same timeline
            primary peer=primary order=same first=no -> yield-copy: the peer is primary on the same timeline
            """.lines().map(Row::parse).toList();

    private Told() {}

    /** The first decision of those above that this table does not take, in words, or null. */
    static String otherwise(DecisionTable table) {
        for (Row told : DECISIONS) {
            Row row = table.decide(told.situation(), told.value());
            if (row == null
                    || !row.action().equals(told.action())
                    || !row.reason().equals(told.reason())) {
                return told + " is told otherwise";
            }
        }
        return null;
    }
}
