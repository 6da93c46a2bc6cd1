package io.github.postgresqlha.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.postgresqlha.testing.Document;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule over every object of {@code dist/} and of the other examples. */
class PolicyTest {

    private static final List<Document> DOCUMENTS = Document.all().toList();

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holds_for_every_object(Rule rule) {
        List<String> violations = DOCUMENTS.stream()
                .flatMap(document -> rule.violations().apply(document).stream().map(what -> document + ", " + what))
                .toList();
        assertThat(violations).as(rule.id() + ": " + rule.reason()).isEmpty();
    }

    static Stream<Rule> rules() {
        return Stream.of(podRules(), containerRules(), objectRules()).flatMap(List::stream);
    }

    /** Among the extraObjects of the example: left as its user writes it. */
    private static boolean isUsersOwn(JsonNode object) {
        return is(object, "/metadata/name", "company-ca");
    }

    private static boolean runsPatroni(JsonNode pod) {
        return is(pod, "/containers/0/command/0", "/scripts/patroni.sh");
    }

    /** Its image has a user of its own, whose group is 0. */
    private static boolean runsAirflow(JsonNode pod) {
        return is(pod, "/containers/0/command/0", "airflow");
    }

    private static List<Rule> podRules() {
        return List.of(
                Rule.forPods(
                        "non-root",
                        "the image's own user owns the data",
                        pod -> is(pod, "/securityContext/runAsNonRoot", "true")
                                && is(pod, "/securityContext/runAsUser", runsAirflow(pod) ? "50000" : "999")
                                && is(pod, "/securityContext/runAsGroup", runsAirflow(pod) ? "0" : "999")
                                && is(pod, "/securityContext/fsGroup", runsAirflow(pod) ? "0" : "999")),
                Rule.forPods(
                        "fs-group-once",
                        "a second mount would make PGDATA group-readable: PostgreSQL refuses it",
                        pod -> is(pod, "/securityContext/fsGroupChangePolicy", "OnRootMismatch")),
                Rule.forPods(
                        "seccomp",
                        "Pod Security restricted",
                        pod -> is(pod, "/securityContext/seccompProfile/type", "RuntimeDefault")),
                Rule.forPods(
                        "no-token",
                        "no program but Patroni talks to the Kubernetes API",
                        pod -> is(pod, "/automountServiceAccountToken", String.valueOf(runsPatroni(pod)))
                                && pod.has("serviceAccountName")),
                Rule.forPods(
                        "no-service-links",
                        "variables of other Services would reach the scripts",
                        pod -> is(pod, "/enableServiceLinks", "false")),
                Rule.forPods(
                        "no-host",
                        "Pod Security restricted",
                        pod -> !pod.has("hostNetwork") && !pod.has("hostPID") && !pod.has("hostIPC")),
                Rule.forPods(
                        "no-sub-path",
                        "a subPath mount does not follow its ConfigMap or Secret",
                        PolicyTest::mountsFilesWhole),
                Rule.forPods(
                        "passwords-in-memory",
                        "a passfile on a node's disk outlives its pod",
                        pod -> !pod.toString().contains("PASSFILE_DIRECTORY") || hasPassfilesInMemory(pod)),
                Rule.forPods(
                        "required-authentication",
                        "no job tells a server its password; in an instance the socket asks for none",
                        PolicyTest::requiresAuthentication),
                Rule.forPods(
                        "bounded-scratch",
                        "an emptyDir without limit can fill the node",
                        pod -> pod.findValues("emptyDir").stream().allMatch(volume -> volume.has("sizeLimit"))));
    }

    /** A folder of a claim follows it. */
    private static boolean mountsFilesWhole(JsonNode pod) {
        List<String> claims = StreamSupport.stream(pod.path("volumes").spliterator(), false)
                .filter(volume -> volume.has("persistentVolumeClaim"))
                .map(volume -> volume.path("name").asText())
                .toList();
        return pod.findParents("subPath").stream()
                .allMatch(mount -> claims.contains(mount.path("name").asText()));
    }

    private static boolean hasPassfilesInMemory(JsonNode pod) {
        return StreamSupport.stream(pod.path("volumes").spliterator(), false)
                        .anyMatch(volume -> is(volume, "/name", "passfile") && is(volume, "/emptyDir/medium", "Memory"))
                && StreamSupport.stream(pod.path("containers").spliterator(), false)
                        .filter(container -> container.path("env").toString().contains("PASSFILE_DIRECTORY"))
                        .allMatch(PolicyTest::mountsPassfiles);
    }

    private static boolean mountsPassfiles(JsonNode container) {
        return StreamSupport.stream(container.path("env").spliterator(), false)
                        .anyMatch(entry ->
                                is(entry, "/name", "PASSFILE_DIRECTORY") && is(entry, "/value", "/run/passfile"))
                && StreamSupport.stream(container.path("volumeMounts").spliterator(), false)
                        .anyMatch(mount -> is(mount, "/name", "passfile") && is(mount, "/mountPath", "/run/passfile"));
    }

    private static boolean requiresAuthentication(JsonNode pod) {
        boolean job = !value(pod, "PGUSER").isEmpty();
        boolean known = job && !value(pod, "POSTGRES_MAJOR").equals("15");
        return value(pod, "PGREQUIREAUTH").equals(known ? "scram-sha-256" : "");
    }

    /** A variable of the container; empty where there is none. */
    private static String value(JsonNode pod, String variable) {
        return StreamSupport.stream(pod.at("/containers/0/env").spliterator(), false)
                .filter(entry -> is(entry, "/name", variable))
                .map(entry -> entry.path("value").asText())
                .findFirst()
                .orElse("");
    }

    private static List<Rule> containerRules() {
        return List.of(
                Rule.forContainers(
                        "image-tag",
                        "what runs must not change by itself",
                        container -> container.path("image").asText().matches(".+[:@].+")
                                && !container.path("image").asText().endsWith(":latest")),
                Rule.forContainers(
                        "least-privilege",
                        "Pod Security restricted, and a read-only root",
                        container -> is(container, "/securityContext/allowPrivilegeEscalation", "false")
                                && is(container, "/securityContext/readOnlyRootFilesystem", "true")
                                && is(container, "/securityContext/capabilities/drop/0", "ALL")),
                Rule.forContainers(
                        "resources",
                        "each container says what it needs and what it may use",
                        container -> Stream.of("requests", "limits")
                                .map(container.path("resources")::path)
                                .allMatch(part ->
                                        part.has("cpu") && part.has("memory") && part.has("ephemeral-storage"))),
                Rule.forContainers(
                        "no-secret-in-environment",
                        "secrets are files: the environment is shown in many places",
                        container -> container.findValues("secretKeyRef").isEmpty()
                                && container.findValuesAsText("name").stream()
                                        .noneMatch(n -> n.matches(".*PASSWORD.*"))),
                Rule.forContainers(
                        "probe-timeout",
                        "a loaded node is slow, not dead",
                        container -> Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                                .map(container::path)
                                .filter(JsonNode::isObject)
                                .allMatch(probe -> probe.path("timeoutSeconds").asInt() >= 5)));
    }

    private static List<Rule> objectRules() {
        return List.of(
                Rule.forObjects(
                        "labels",
                        "an installation's objects can be listed and told apart",
                        object -> isUsersOwn(object)
                                || Stream.of("name", "instance", "component", "part-of", "managed-by", "version")
                                        .allMatch(label ->
                                                object.at("/metadata/labels").has("app.kubernetes.io/" + label))),
                Rule.forObjects(
                        "namespace",
                        "an object must not land where the context happens to point",
                        object -> object.path("kind").asText().matches("Namespace|ValidatingAdmissionPolicy(Binding)?")
                                || object.at("/metadata").has("namespace")),
                Rule.forKind(
                        "Secret",
                        "no-secret-value",
                        "manifests are committed",
                        secret -> !secret.has("data") && !secret.has("stringData")),
                Rule.forKind(
                        "PersistentVolumeClaim",
                        "claims-are-kept",
                        "data must survive a deleted manifest",
                        PolicyTest::isKept),
                Rule.forKind("Namespace", "namespace-is-kept", "the claims live in it", PolicyTest::isKept),
                Rule.forKind(
                        "Secret",
                        "passwords-are-kept",
                        "Flux removes what kubectl wrote into an object, unless it is told to merge",
                        secret -> isKept(secret)
                                && secret.at("/metadata/annotations")
                                        .path("kustomize.toolkit.fluxcd.io/ssa")
                                        .asText()
                                        .equals("Merge")),
                Rule.forKind(
                        "StatefulSet",
                        "replicas-left-out",
                        "a failover by scaling must not be undone by an apply",
                        workload -> !workload.path("spec").has("replicas")),
                Rule.forKind(
                        "StatefulSet",
                        "grace",
                        "the wait for another member and a fast shutdown with a checkpoint must fit",
                        workload -> workload.at("/spec/template/spec/terminationGracePeriodSeconds")
                                        .asInt()
                                >= 30 + seconds(workload, "ROLL_SECONDS") + seconds(workload, "STOP_SECONDS")),
                Rule.forKind(
                        "StatefulSet",
                        "never-forced",
                        "who deletes and makes it anew ends its pod",
                        PolicyTest::isNeverForced),
                noWave("StatefulSet", "no member is healthy before there is a primary"),
                noWave("PersistentVolumeClaim", "a claim is bound when its pod is there"),
                Rule.forKind(
                        "StatefulSet",
                        "restart-checksum",
                        "what only a restart applies has to cause one",
                        workload -> workload.at("/spec/template/metadata/annotations")
                                .has("postgresqlha.github.io/restart-checksum")),
                Rule.forKind(
                        "CronJob",
                        "cron-limits",
                        "a run must end, and must not overlap the next",
                        job -> is(job, "/spec/concurrencyPolicy", "Forbid")
                                && Stream.of(
                                                "/spec/timeZone",
                                                "/spec/startingDeadlineSeconds",
                                                "/spec/jobTemplate/spec/activeDeadlineSeconds")
                                        .noneMatch(path -> job.at(path).isMissingNode())),
                Rule.forKind(
                        "ConfigMap",
                        "config-map-size",
                        "client-side apply keeps a copy in an annotation of 256 KiB",
                        map -> map.path("data").toString().length() < 256 * 1024),
                Rule.forKind(
                        "Role",
                        "no-secrets-for-people",
                        "a role for people does not read passwords",
                        role -> StreamSupport.stream(role.path("rules").spliterator(), false)
                                .noneMatch(rule ->
                                        rule.path("resources").toString().matches(".*\"(secrets|\\*)\".*"))));
    }

    private static boolean isKept(JsonNode object) {
        JsonNode annotations = object.at("/metadata/annotations");
        return annotations.path("argocd.argoproj.io/sync-options").asText().equals("Prune=false,Delete=false")
                && annotations
                        .path("kustomize.toolkit.fluxcd.io/prune")
                        .asText()
                        .equals("disabled")
                && isNeverForced(object);
    }

    /** Argo CD goes on to the next wave when all of this one is healthy, so a wave before what that needs never ends. */
    private static Rule noWave(String kind, String reason) {
        return Rule.forKind(
                kind,
                "no-sync-wave-of-" + kind,
                reason,
                object -> !object.at("/metadata/annotations").has("argocd.argoproj.io/sync-wave"));
    }

    private static int seconds(JsonNode workload, String variable) {
        return StreamSupport.stream(workload.findPath("env").spliterator(), false)
                .filter(entry -> is(entry, "/name", variable))
                .mapToInt(entry -> entry.path("value").asInt())
                .findFirst()
                .orElse(Integer.MAX_VALUE / 4);
    }

    private static boolean isNeverForced(JsonNode object) {
        return object.at("/metadata/annotations")
                .path("kustomize.toolkit.fluxcd.io/force")
                .asText()
                .equals("disabled");
    }

    private static boolean is(JsonNode node, String path, String value) {
        return node.at(path).asText().equals(value);
    }
}
