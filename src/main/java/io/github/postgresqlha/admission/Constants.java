package io.github.postgresqlha.admission;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Variable;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.kubernetes.PodSpecs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the policies have to know of one installation, as variables in CEL. Names are of letters that need no quoting there. */
final class Constants {

    /** Who makes pods and workloads in a cluster that gives each controller an account of its own, and in one that does not. */
    private static final List<String> CONTROLLERS = Stream.concat(
                    Stream.of("cronjob", "daemon-set", "deployment", "job", "replicaset", "replication", "statefulset")
                            .map(name -> "system:serviceaccount:kube-system:" + name + "-controller"),
                    Stream.of("system:kube-controller-manager"))
            .toList();

    private Constants() {}

    /** All of them; a policy takes those that it asks. */
    static List<Variable> of(Installation installation, List<HasMetadata> objects) {
        Map<String, String> constants = new LinkedHashMap<>();
        constants.put("installation", quoted(installation.names().name()));
        constants.put("home", quoted(installation.names().namespace()));
        constants.put("peers", quoted(installation.names().peers()));
        constants.put("members", list(installation.members().stream().map(Member::instance)));
        constants.put("memberPods", list(installation.members().stream().map(Member::pod)));
        constants.put(
                "secrets",
                list(Stream.concat(
                        objects.stream().flatMap(object -> PodSpecs.secrets(object).stream()),
                        authority(installation))));
        constants.put("claims", list(names(objects, PersistentVolumeClaim.class)));
        constants.put("configMaps", list(names(objects, ConfigMap.class)));
        constants.put("accounts", list(names(objects, ServiceAccount.class)));
        constants.put("components", list(components(objects)));
        constants.put("workloads", list(workloads(objects).map(object -> object.getKind() + "/" + name(object))));
        constants.put(
                "podPrefixes",
                list(workloads(objects)
                        .filter(object -> !object.getKind().equals("StatefulSet"))
                        .map(object -> name(object) + "-")));
        List<String> controllers = new ArrayList<>(CONTROLLERS);
        controllers.addAll(installation.spec().admission().controllers());
        constants.put("controllers", list(controllers.stream()));
        return constants.entrySet().stream()
                .map(constant -> new Variable(constant.getValue(), constant.getKey()))
                .toList();
    }

    /** No pod mounts the key of the authority. Whoever has it can pass for a member. */
    private static Stream<String> authority(Installation installation) {
        return switch (installation.spec().tls().mode()) {
            case GENERATED -> Stream.of(installation.names().caKey());
            case CERT_MANAGER -> Stream.of(installation.names().ca());
            case EXISTING_SECRET, OFF -> Stream.empty();
        };
    }

    /** Policies of the network select pods by these. */
    private static Stream<String> components(Collection<HasMetadata> objects) {
        return objects.stream()
                .flatMap(object -> PodSpecs.template(object).stream())
                .map(template -> template.getMetadata().getLabels().get("app.kubernetes.io/component"));
    }

    private static Stream<HasMetadata> workloads(Collection<HasMetadata> objects) {
        return objects.stream().filter(object -> PodSpecs.template(object).isPresent());
    }

    private static Stream<String> names(Collection<HasMetadata> objects, Class<? extends HasMetadata> type) {
        return objects.stream().filter(type::isInstance).map(Constants::name);
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static String list(Stream<String> values) {
        return values.distinct().sorted().map(Constants::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String value) {
        return "'" + value + "'";
    }
}
