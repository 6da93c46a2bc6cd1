package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To which member the pooler leads, by what members say one look after the other; nothing is a member that is silent. */
class PoolerChoiceTest {

    @TempDir
    Path folder;

    private PoolerFunctions functions;

    @BeforeEach
    void create() {
        functions = new PoolerFunctions(folder);
    }

    @Test
    void the_higher_timeline_is_the_newer_one() {
        assertThat(run("look 00000001-7 standby; look 00000001-7 00000002-7")).isEqualTo("a b ");
    }

    /** What is committed on the older one goes when it is brought back. */
    @Test
    void a_newer_primary_that_is_silent_for_a_moment_does_not_send_clients_to_the_older_one() {
        String said = run(
                "look 00000001-7 standby; look 00000001-7 00000002-7; look 00000001-7 ''; look 00000001-7 00000002-7");
        assertThat(said).startsWith("a b WARN a accepts writes on timeline 00000001, older than 00000002");
        assertThat(said.split("a ", -1)).as(said).hasSize(3);
    }

    /** A connection that fails makes PgBouncer refuse all clients but the first, those that are connected among them. */
    @Test
    void clients_wait_while_no_server_takes_connections() {
        assertThat(
                        run(
                                "look 00000001-7 standby; look gone standby; look '' standby; look gone standby; look 00000001-7 standby"))
                .isEqualTo(
                        "a WARN a takes no connections, and no other member accepts writes: clients wait\nhold write release write ");
    }

    /** As one whose connections are all taken, or that refuses the pooler's own password. */
    @Test
    void clients_do_not_wait_for_a_server_that_only_says_nothing_to_the_pooler() {
        assertThat(run("look 00000001-7 standby; look mute standby; look '' standby"))
                .isEqualTo("a ");
        assertThat(run("look 00000001-7 standby; look gone standby; look mute standby"))
                .endsWith("hold write release write ");
    }

    /** The Service of the primary refuses, or leads to the former one, until it leads to the new one. */
    @Test
    void clients_wait_until_the_service_leads_to_the_new_primary() {
        String said = run("""
                POOLER_PRIMARY=primary ports=(5432)
                asking_connection() { :; }
                timeout() { printf '%s' "${reached:-}"; }
                look 00000001-7 standby; look standby 00000002-7; reached=t; look standby 00000002-7; printf 'reached '; reached=f; look standby 00000002-7
                """);
        assertThat(said).isEqualTo("primary hold write primary reached release write ");
    }

    @Test
    void clients_do_not_wait_for_ever_for_a_service_that_cannot_be_asked() {
        String said = run("""
                POOLER_PRIMARY=primary ports=(5432)
                asking_connection() { :; }
                timeout() { :; }
                look 00000001-7 standby; look standby 00000002-7; now=$((now + 20)); look standby 00000002-7
                """);
        assertThat(said)
                .endsWith(
                        "hold write primary WARN primary does not lead to b, which accepts writes: clients are led to b itself\nb release write ");
    }

    /** Twenty seconds count from the change: sessions that are opened through the Service before it follows would stay with a standby. */
    @Test
    void clients_wait_for_the_service_after_a_long_outage_as_well() {
        String said = run("""
                POOLER_PRIMARY=primary ports=(5432)
                asking_connection() { :; }
                timeout() { printf '%s' "${reached:-}"; }
                look 00000001-7 standby; look standby standby; now=$((now + 30)); look standby standby; reached=t; look standby 00000002-7; printf 'waits '
                reached=f; look standby 00000002-7
                """);
        assertThat(said).endsWith("hold write primary waits release write ");
    }

    /** As the end of the hour of its session: what it said before holds. */
    @Test
    void a_demoted_member_that_says_nothing_to_the_pooler_still_holds_clients() {
        assertThat(run("look 00000001-7 standby; look standby standby; look '' standby; look mute standby"))
                .endsWith("clients wait\nhold write ");
        assertThat(run("look 00000001-7 standby; look standby standby; now=$((now + 60)); look mute standby"))
                .endsWith("clients wait\nhold write ");
        assertThat(
                        run(
                                "look 00000001-7 standby; look standby standby; look mute standby; now=$((now + 60)); look mute standby"))
                .endsWith("clients wait\nhold write release write ");
    }

    /** A pod that starts in an outage: the first member may be a standby. */
    @Test
    void before_a_member_has_accepted_writes_nobody_is_led_to_a_standby() {
        assertThat(run("look standby ''; look standby gone; look standby 00000002-7"))
                .isEqualTo(
                        "WARN a member is a standby now, and no member accepts writes: clients wait\nhold write b release write ");
        assertThat(run("look standby gone; look standby mute; now=$((now + 60)); look standby mute"))
                .endsWith("hold write release write ");
    }

    /** One that was lost in its primary's restart gives readers no reason to leave at the next loss. */
    @Test
    void readers_stay_with_a_standby_that_lost_its_primary_before() {
        String said = run("""
                POOLER_READ_HOSTS=a,b fresh=3
                look 00000001-7 standby; follow_standby
                look 00000001-7 disconnected; follow_standby; now=$((now + 2)); look 00000001-7 standby; follow_standby
                now=$((now + 60)); look 00000001-7 disconnected; follow_standby
                """);
        assertThat(said).isEqualTo("a b ");
    }

    /** It loses its stream a moment before anybody knows that the primary is gone. */
    @Test
    void readers_stay_with_a_standby_that_lost_its_primary() {
        String said = run("""
                POOLER_READ_HOSTS=a,b fresh=3
                look 00000001-7 standby; follow_standby
                look 00000001-7 disconnected; follow_standby; look gone disconnected; follow_standby; now=$((now + 9)); follow_standby
                """);
        assertThat(said).startsWith("a b WARN a takes no connections").doesNotContain("readers wait", "hold read");
        assertThat(run("""
                POOLER_READ_HOSTS=a,b fresh=3
                look 00000001-7 standby; follow_standby; look 00000001-7 disconnected; follow_standby; now=$((now + 9)); follow_standby
                """)).isEqualTo("a b a ");
    }

    @Test
    void readers_are_let_go_where_a_server_only_says_nothing_to_the_pooler() {
        String said = run("""
                POOLER_READ_HOSTS=a,b
                look 00000001-7 standby; follow_standby; look gone gone; follow_standby; look mute mute; follow_standby
                """);
        assertThat(said).endsWith("release write release read ");
    }

    /** It hears no RESUME any more once it is told to end. */
    @Test
    void readers_wait_while_no_server_takes_connections() {
        String said = run("""
                POOLER_READ_HOSTS=a,b
                look 00000001-7 standby; follow_standby; look gone gone; follow_standby; look 00000001-7 gone; follow_standby
                """);
        assertThat(said).contains("b takes no connections, and no other member does: readers wait");
        assertThat(said).endsWith("release write a release read ");
    }

    /** All volumes were lost, and a new database was made. */
    @Test
    void another_database_begins_with_a_lower_timeline() {
        assertThat(run("look 00000003-7 standby; look '' ''; look 00000001-8 standby; look standby 00000002-8"))
                .isEqualTo("a b ");
    }

    /** PgBouncer runs on, and reads what is written at the start. */
    /** An earlier one may have held them because that member is a standby. */
    /** Its processes may be ended for their memory while it holds clients. */
    /** Nobody would be told: that member would only be silent. */
    /** Heard after RESUME it would hold clients for good. */
    /** They count as sessions of the pool. A reader that a standby still serves goes on. */
    /** It may show rows of hours ago, or such as were left behind by a failover. */
    @Test
    void readers_are_sent_to_no_standby_that_does_not_stream() {
        assertThat(run("""
                POOLER_READ_HOSTS=a,b
                readers() { answers=("$1" "$2"); choose_readers; printf '%s/' "${chosen}"; }
                readers 00000001-7 standby; readers 00000001-7 disconnected; readers '' disconnected; readers disconnected standby
                """)).isEqualTo("b/a//b/");
    }

    @Test
    void a_member_that_was_demoted_and_does_not_stream_yet_holds_clients() {
        assertThat(run("look 00000001-7 standby; look disconnected standby")).endsWith("clients wait\nhold write ");
    }

    private String run(String commands) {
        return functions.run(commands);
    }
}
