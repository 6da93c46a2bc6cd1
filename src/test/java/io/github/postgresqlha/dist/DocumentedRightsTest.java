package io.github.postgresqlha.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.PoolerSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents tell people to type, and what the programs do, is what the Roles allow: one of them each command. */
class DocumentedRightsTest {

    private static final Pattern COMMAND = Pattern.compile("kubectl ([^`|\n]*)");
    private static final Pattern OPTION =
            Pattern.compile("(?<= )(-n [a-z0-9-]+|-[a-z]+|--?[a-z-]+(=\\S+)?|-p '[^']*')(?= |$)");

    /** Of who applies the manifests, and of the cluster; or no request to the API at all. */
    private static final Pattern OTHERS = Pattern.compile(
            "(apply|(create|get|delete) secret|get certificate|create namespace|create -f|delete -k|patch --local|may |get pv|--|kustomize).*|exec");

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("pod", "/pods"),
            Map.entry("pods", "/pods"),
            Map.entry("jobs", "batch/jobs"),
            Map.entry("job", "batch/jobs"),
            Map.entry("configmap", "/configmaps"),
            Map.entry("configmaps", "/configmaps"),
            Map.entry("pvc", "/persistentvolumeclaims"),
            Map.entry("cronjob", "batch/cronjobs"),
            Map.entry("deployment", "apps/deployments"),
            Map.entry("statefulset", "apps/statefulsets"));

    /** A request, as "VERB GROUP/RESOURCE NAME"; the name is a dash where it is not known before. */
    private static Stream<String> requests(String command) {
        List<String> words = List.of(OPTION.matcher(command.replaceAll(" -- .*", ""))
                .replaceAll("")
                .replaceAll("-p '.*", "")
                .trim()
                .split("[ /]+", -1));
        String last = words.get(words.size() - 1);
        return switch (words.get(0)) {
            case "exec" ->
                Stream.of(
                        words.contains("deployment") ? "create /pods/exec -" : "create /pods/exec " + last,
                        "get /pods -");
            case "logs" -> Stream.of("get /pods/log -", "get /pods -");
            case "get", "describe" ->
                Stream.of("get " + KINDS.get(words.get(1)) + " -", "list " + KINDS.get(words.get(1)) + " -");
            case "top" -> Stream.of("list metrics.k8s.io/pods -");
            case "create" -> Stream.of("create batch/jobs -", "get batch/cronjobs -");
            case "wait" -> Stream.of("get /pods -", "watch /pods -");
            case "scale" -> Stream.of("patch apps/statefulsets/scale " + last);
            case "rollout" ->
                Stream.of(
                        "patch " + (words.contains("deployment") ? "apps/deployments " : "apps/statefulsets ") + last);
            case "patch", "delete" ->
                words.contains("configmaps")
                        ? Stream.of("delete /configmaps " + last.replaceAll(".*=", "") + "-leader")
                        : Stream.of(words.get(0) + " " + KINDS.get(words.get(1)) + " " + words.get(2));
            default -> Stream.of("unknown " + command);
        };
    }

    static Stream<PostgresqlHaSpec> specifications() {
        return Stream.of(
                Examples.standard(), Examples.automatic(), Examples.offsite(), Examples.otherNames(), pooled());
    }

    private static PostgresqlHaSpec pooled() {
        return PostgresqlHaSpec.builder()
                .pooler(PoolerSpec.builder().enabled(true).build())
                .build();
    }

    @ParameterizedTest
    @MethodSource("specifications")
    void are_those_of_the_roles(PostgresqlHaSpec spec) {
        Set<String> requests = documents(spec)
                .flatMap(text -> COMMAND.matcher(text).results())
                .map((MatchResult match) -> match.group(1).trim())
                .filter(command -> !OTHERS.matcher(command).matches())
                .flatMap(DocumentedRightsTest::requests)
                .filter(request -> !request.matches(".* (POD|NAME)"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(requests).hasSizeGreaterThan(15);
        assertThat(requests)
                .allSatisfy(request ->
                        assertThat(allowed(spec, request)).as(request).isTrue());
    }

    /** {@code rebuild-standby.sh --delete-volumes}, {@code failover.sh} and {@code test-NAME-ha.sh}. */
    @ParameterizedTest
    @MethodSource("specifications")
    void of_the_programs_are_those_of_the_roles(PostgresqlHaSpec spec) {
        Installation installation = Installation.of(spec);
        assertThat(installation.members())
                .allSatisfy(member -> assertThat(List.of(
                                "create /pods/exec " + member.pod(),
                                "delete /pods " + member.pod(),
                                "patch apps/statefulsets/scale " + member.instance(),
                                "get apps/statefulsets " + member.instance(),
                                "delete /persistentvolumeclaims " + member.dataClaim(),
                                "patch /persistentvolumeclaims " + member.walClaim(),
                                "create /persistentvolumeclaims -",
                                "delete batch/jobs -"))
                        .allSatisfy(request ->
                                assertThat(allowed(spec, request)).as(request).isTrue()));
    }

    private static Stream<String> documents(PostgresqlHaSpec spec) {
        return DistFiles.of(Installation.of(spec), Map.of()).stream()
                .filter(file -> file.path().endsWith(".md"))
                .map(DistFile::content);
    }

    private static boolean allowed(PostgresqlHaSpec spec, String request) {
        String[] words = request.split(" ", -1);
        return Plan.parts(Installation.of(spec)).stream()
                .flatMap(part -> part.objects().stream())
                .filter(Role.class::isInstance)
                .filter(role -> !role.getMetadata().getName().endsWith("-patroni"))
                .flatMap(role -> ((Role) role).getRules().stream())
                .anyMatch(rule -> covers(rule, words[0], words[1], words[2]));
    }

    private static boolean covers(PolicyRule rule, String verb, String resource, String name) {
        Matcher parts = Pattern.compile("([^/]*)/(.*)").matcher(resource);
        return parts.matches()
                && rule.getVerbs().contains(verb)
                && rule.getApiGroups().contains(parts.group(1))
                && rule.getResources().contains(parts.group(2))
                && (rule.getResourceNames().isEmpty() || rule.getResourceNames().contains(name));
    }
}
