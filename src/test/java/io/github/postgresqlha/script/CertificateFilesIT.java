package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates as they come from authorities of others: with intermediates, too weak, not valid now; and how a member asks its own Patroni with them. */
class CertificateFilesIT {

    /** A root, an intermediate of it, and a request of the member; sign NAME AUTHORITY OPTION… */
    private static final String AUTHORITIES = """
            umask 077
            printf '[req]\\ndistinguished_name = dn\\nprompt = no\\n[dn]\\nCN = x\\n[ca]\\nbasicConstraints = critical, CA:TRUE\\nsubjectKeyIdentifier = hash\\n' >cnf
            printf '[leaf]\\nbasicConstraints = critical, CA:FALSE\\nextendedKeyUsage = serverAuth, clientAuth\\nsubjectAltName = DNS:member-0.peers\\n' >>cnf
            printf '[any]\\ncommonName = supplied\\n[own]\\ndefault_ca = issue\\n[issue]\\ndatabase = index\\nserial = serial\\nnew_certs_dir = .\\ndefault_md = sha256\\npolicy = any\\nunique_subject = no\\n' >>cnf
            key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" && openssl req -new -config cnf -key "$1.key" -subj "/CN=$1" -out "$1.csr"; }
            sign() { openssl x509 -req -in member.csr -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -extfile cnf -extensions leaf -out "$1.crt" "${@:3}"; }
            : >index && echo 01 >serial
            key root && openssl req -x509 -config cnf -extensions ca -key root.key -subj /CN=root -days 30 -out root.crt
            key between && openssl x509 -req -in between.csr -CA root.crt -CAkey root.key -CAcreateserial -extfile cnf -extensions ca -days 20 -out between.crt
            key member
            mount() { mkdir -p mounted && cp "$1.crt" mounted/tls.crt && cp "${2:-member}.key" mounted/tls.key && cp root.crt mounted/ca.crt; }
            { sign leaf between -days 9 && cat leaf.crt between.crt >chain.crt; sign plain root -days 9; sign ended root -days -1; } 2>&1
            openssl ca -batch -notext -config cnf -name issue -extensions leaf -in member.csr -out early.crt -startdate 20990101000000Z -enddate 20991231000000Z -keyfile root.key -cert root.crt 2>&1
            sign sha1 root -days 9 -sha1
            sed -i 's/, clientAuth//' cnf && sign server root -days 9
            """;

    private static final String MEMBER = """
            for library in lib/log lib/postgres lib/secrets lib/clock lib/facts upkeep/tls patroni/api patroni/watch; do source "${scripts}/${library}.sh"; done
            export INSTANCE_NAME=member MEMBER_HOSTS=member-0.peers,other-0.peers PASSFILE_DIRECTORY=${PWD}/memory TLS_DIRECTORY=${PWD}/mounted postmaster_pid=''
            export TLS_CA_FILE=${PASSFILE_DIRECTORY}/tls/ca.crt PATRONI_PORT=0
            mkdir -p memory
            # A REST API in so far as it shows the member's certificate, and asks for one that it verifies: -verify optional, -Verify always.
            serve() {
              mkdir -p www && printf '{"state": "running", "role": "primary", "dcs_last_seen": 7, "timeline": 1}' >www/patroni
              cd www
              coproc openssl s_server -accept 127.0.0.1:0 -WWW "$1" 3 -verify_return_error -CAfile ../memory/tls/ca.crt -cert ../memory/tls/tls.crt -cert_chain ../memory/tls/tls.crt -key ../memory/tls/tls.key 2>/dev/null
              while IFS= read -r line <&"${COPROC[0]}"; do [[ "${line}" != ACCEPT* ]] || break; done
              PATRONI_PORT=${line##*:}
              cd ..
            }
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void make() {
        Tool.Result made = bash(AUTHORITIES);
        assertThat(made.status()).as(made.output()).isZero();
    }

    private Tool.Result bash(String program) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-Eeuo", "pipefail", "-c", program);
        builder.environment()
                .putAll(Map.of(
                        "scripts",
                        Project.file("src/main/resources/io/github/postgresqlha/script")
                                .toString()));
        return Tool.run(builder, folder);
    }

    private String member(String program) {
        String functions = AUTHORITIES
                .lines()
                .filter(line -> line.startsWith("mount()"))
                .findFirst()
                .orElseThrow();
        return bash(functions + "\n" + MEMBER + program).output();
    }

    @Test
    void one_with_an_intermediate_is_served_and_shown_whole() {
        String asked =
                "mount chain; take_tls && serve %s && printf 'GET /patroni HTTP/1.0\\r\\n\\r\\n' | speak_http 127.0.0.1 member-0.peers %s; kill \"${COPROC_PID}\"";
        assertThat(member(asked.formatted("-verify", ""))).contains("\"role\": \"primary\"");
        assertThat(member(asked.formatted("-Verify", "change"))).contains("\"role\": \"primary\"");
    }

    /** Else a primary is fenced because of the date: its supervisor no longer hears its own Patroni. */
    @Test
    void the_own_patroni_is_heard_with_one_that_has_ended() {
        String asked = member(
                "mount ended; take_tls ended; serve -verify; ask_patroni 127.0.0.1 member-0.peers; ask_patroni 127.0.0.1 other-0.peers || echo not-the-other; kill \"${COPROC_PID}\"");
        assertThat(asked).contains("running/primary/7/").contains("not-the-other");
    }

    @Test
    void one_that_is_not_valid_yet_or_too_weak_does_not_take_the_place_of_a_good_one() {
        String refused = member(
                "mount plain; take_tls; for name in early sha1; do mount \"${name}\"; follow_tls || true; done; "
                        + "cmp memory/tls/tls.crt plain.crt && echo kept; PATRONI_SCOPE=x; mount server; follow_tls || true; mount early; await_tls; cmp memory/tls/tls.crt plain.crt && echo kept at a start");
        assertThat(refused)
                .contains("certificate is not yet valid: not loaded")
                .contains("digest algorithm too weak: not loaded")
                .contains("it needs the usage client auth: not loaded")
                .contains("kept\n", "kept at a start");
    }

    /** What is mounted changes at any moment, so also between two looks at it. */
    @Test
    void a_change_while_one_is_taken_is_seen_afterwards() throws IOException {
        String seen = member(
                "mount plain; openssl() { if [[ $1 == verify && ! -e changed ]]; then : >changed; mount chain; fi; command openssl \"$@\"; }; "
                        + "take_tls; cmp -s memory/tls/tls.crt plain.crt && echo first; follow_tls; cmp memory/tls/tls.crt chain.crt && echo second");
        assertThat(seen).contains("first").contains("second");
    }

    /** On a node that is too busy to start it in time, each question would leave one behind, for ever. */
    @Test
    void no_openssl_outlives_the_question_it_was_started_for() {
        String left = member("""
                mount plain; mkdir bin tmp
                printf '#!/bin/bash\\nsleep 7\\nexec %s "$@"\\n' "$(command -v openssl)" >bin/openssl && chmod 700 bin/openssl
                port=$((20000 + $$ % 20000))
                TMPDIR=${PWD}/tmp PATH=${PWD}/bin:${PATH} perl "${scripts}/lib/no-data.pl" 127.0.0.1 "${port}" volume "${PWD}/mounted" &
                answering=$!
                until exec {asking}<>"/dev/tcp/127.0.0.1/${port}"; do sleep 0.1; done 2>/dev/null
                printf '\\0\\0\\0\\10\\4\\322\\26\\57' >&"${asking}"
                sleep 9
                pgrep -f "unix ${PWD}/tmp/" || echo none
                kill "${answering}"
                """);
        assertThat(left).contains("none");
    }
}
