package io.github.postgresqlha.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is shown of a health check's answer. */
class StatusTest {

    private static final String ANSWER = """
            {"status": "warning", "clock": 1800000000, "primary": "postgresql-primary", "members": [
              {"member": "postgresql-primary", "answers": true, "role": "primary", "lsn": "0/1", "state": "", "sync": "", "lagBytes": null, "timeline": 1,
               "lagSeconds": null, "version": 170010, "connections": 5, "maxConnections": 200, "cpuPercent": 12, "memoryPercent": 40, "dataUsedPercent": 41,
               "walUsedPercent": 7, "backupUsedPercent": 3, "certificateEnds": 1807000000},
              {"member": "postgresql-standby", "answers": false, "role": "", "lagBytes": 2097152, "lagSeconds": 3, "timeline": null}
            ], "backups": {"known": true, "newestDump": 1799990000, "newestDumpBytes": 1300000, "newestBase": 1799700000, "lastProof": null, "offsiteCopy": null},
            "checks": [
              {"check": "one primary", "status": "ok", "detail": "postgresql-primary"},
              {"check": "roles", "status": "warning", "detail": "have \\u001b[2J\\u009b2J <script>alert('x')</script> & \\u202e more"},
              {"check": "a", "status": "critical", "detail": "worse"}
            ]}
            """;

    @Test
    void a_terminal_shows_it_at_a_glance() {
        assertThat(new StatusText("postgresql", "airflow", false).of(Health.parse(ANSWER)))
                .isEqualTo("""
                        postgresql in airflow: warning, 2027-01-15T08:00:00Z

                        MEMBER              ROLE     TIMELINE  LAG           CONNECTIONS  CPU   MEMORY  DATA  WAL  BACKUPS  CERTIFICATE  RELEASE
                        postgresql-primary  primary  1         -             5 of 200     12 %  40 %    41 %  7 %  3 %      81 days      17.10
                        postgresql-standby  silent   -         2.0 MiB, 3 s  -            -     -       -     -    -        -            -

                        last dump        2 h ago, 1.2 MiB
                        last base backup 3 days ago
                        last proof       none known

                        critical  a      worse
                        warning   roles  have \\u001b[2J\\u009b2J <script>alert('x')</script> & \\u202e more
                        3 checks, 2 not ok
                        """);
    }

    @Test
    void colours_only_where_they_are_asked_for() {
        assertThat(new StatusText("postgresql", "airflow", true).of(Health.parse(ANSWER)))
                .contains("\u001b[33mwarning\u001b[0m", "\u001b[31mcritical\u001b[0m");
    }

    @Test
    void a_page_holds_what_comes_from_outside_as_text() {
        String page = new StatusPage("postgresql", "airflow").of(Health.parse(ANSWER));
        assertThat(page)
                .contains(
                        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;",
                        "<header class=\"warning\">",
                        "2.0 MiB, 3 s")
                .doesNotContain("<script", "{{", "\u001b", "http://", "https://", "src=", "href=");
    }

    @Test
    void what_is_no_answer_is_refused() {
        assertThatThrownBy(() -> Health.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Health.parse("OCI runtime exec failed")).hasMessage("it is no JSON");
        assertThatThrownBy(() -> Health.parse("{\"status\": \"fine\"}")).hasMessage("no state of a check: 'fine'");
        assertThatThrownBy(() -> Health.parse("{\"status\": \"healthy\", \"clock\": \"x\"}"))
                .hasMessage("it has no clock");
        assertThatThrownBy(() -> Health.parse("{\"status\": \"healthy\", \"clock\": 1, \"members\": 5}"))
                .hasMessage("it has no members or no checks");
    }
}
