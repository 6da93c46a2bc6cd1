package io.github.postgresqlha.admission;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ParamRef;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ParamRefBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicySpecBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Variable;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Policies of the Kubernetes API, each with its binding: objects of the cluster that reach one namespace only. Where one cannot be
 * evaluated its request is refused, and no other namespace notices.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/">Validating admission policy</a>
 */
public final class AdmissionObjects {

    private static final List<String> POLICIES =
            List.of("claims", "delete", "exec", "members", "revisions", "settings", "together", "use");

    private final Installation installation;
    private final List<Variable> known;

    private AdmissionObjects(Installation installation, List<HasMetadata> objects) {
        this.installation = installation;
        this.known = new ArrayList<>(Constants.of(installation, objects));
        known.addAll(PolicyText.shared());
    }

    /**
     * Those that protect the installation; none where the specification wants none.
     *
     * @param objects what is protected, made only where policies are wanted
     */
    public static List<HasMetadata> of(Installation installation, Supplier<List<HasMetadata>> objects) {
        if (!installation.spec().admission().enabled()) {
            return List.of();
        }
        AdmissionObjects admission = new AdmissionObjects(installation, objects.get());
        return POLICIES.stream().flatMap(admission::policy).toList();
    }

    private Stream<HasMetadata> policy(String suffix) {
        ValidatingAdmissionPolicySpec text = PolicyText.policy(suffix);
        ValidatingAdmissionPolicySpec spec = new ValidatingAdmissionPolicySpecBuilder(text)
                .withFailurePolicy("Fail")
                .withVariables(variables(text))
                .editMatchConstraints()
                .withNamespaceSelector(Labels.selector(Map.of(
                        "kubernetes.io/metadata.name", installation.names().namespace())))
                .endMatchConstraints()
                .build();
        ObjectMeta metadata = metadata(suffix);
        return Stream.of(
                new ValidatingAdmissionPolicyBuilder()
                        .withMetadata(metadata)
                        .withSpec(spec)
                        .build(),
                binding(metadata, spec));
    }

    private HasMetadata binding(ObjectMeta metadata, ValidatingAdmissionPolicySpec spec) {
        return new ValidatingAdmissionPolicyBindingBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withPolicyName(metadata.getName())
                .withParamRef(spec.getParamKind() == null ? null : members())
                .withValidationActions("Deny")
                .endSpec()
                .build();
    }

    /** A policy that has parameters is asked once for each member's pod. */
    private ParamRef members() {
        return new ParamRefBuilder()
                .withNamespace(installation.names().namespace())
                .withSelector(installation.labels().members())
                .withParameterNotFoundAction("Allow")
                .build();
    }

    /** Neither a name nor a namespace has a dot, so no two installations of a cluster have the same. */
    private ObjectMeta metadata(String suffix) {
        String name = installation.names().name() + "." + installation.names().namespace() + "." + suffix;
        return new ObjectMetaBuilder(installation.metadata(name, Component.ADMISSION))
                .withNamespace(null)
                .build();
    }

    /** Of what is known only what the policy asks, directly or by another variable; each before those that ask it. */
    private List<Variable> variables(ValidatingAdmissionPolicySpec text) {
        List<Variable> variables = new ArrayList<>(text.getVariables());
        Collections.reverse(variables);
        StringBuilder asked = new StringBuilder(text.toString());
        List<Variable> rest = new ArrayList<>(known);
        Collections.reverse(rest);
        for (Variable variable : rest) {
            if (Pattern.compile("variables\\." + variable.getName() + "\\b")
                    .matcher(asked)
                    .find()) {
                variables.add(variable);
                asked.append(variable.getExpression()).append('\n');
            }
        }
        Collections.reverse(variables);
        return variables;
    }
}
