package io.github.postgresqlha.installation;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of one installation's objects.
 *
 * @param name the installation's name
 * @param version the PostgreSQL major
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/">Common labels</a>
 */
public record Labels(String name, String version) {

    /** On the pods of both instances, and on nothing else: what Services, policies and budgets select. */
    public static final String MEMBER = "postgresqlha.github.io/member";

    /** On every pod that mounts the backup volume: such pods have to share a node where the volume is ReadWriteOnce. */
    public static final String BACKUP_VOLUME = "postgresqlha.github.io/backup-volume";

    /** Set by Patroni on the pods of instances: {@code primary} or {@code standby}, as of now. */
    public static final String ROLE = "postgresqlha.github.io/role";

    /** On the pods of instances under Patroni and on the ConfigMaps that it keeps its state in: whose they are. */
    public static final String PATRONI_SCOPE = "postgresqlha.github.io/patroni-scope";

    public static final String PART_OF = "app.kubernetes.io/part-of";
    public static final String PRODUCT = "postgresql-ha";

    private static final String APPLICATION = "app.kubernetes.io/name";
    private static final String INSTANCE = "app.kubernetes.io/instance";
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String VERSION = "app.kubernetes.io/version";

    /** All labels of an object of this component. */
    public Map<String, String> of(Component component) {
        return of(component.label());
    }

    /** All labels of an object of one instance. */
    public Map<String, String> of(Member member) {
        return of(member.label());
    }

    private Map<String, String> of(String component) {
        Map<String, String> labels = new TreeMap<>(selecting(component));
        labels.put(PART_OF, PRODUCT);
        labels.put(MANAGED_BY, PRODUCT);
        labels.put(VERSION, version);
        return labels;
    }

    /** All labels of a pod of an instance. */
    public Map<String, String> ofMember(Member member) {
        return with(of(member), MEMBER, name);
    }

    /** What selects the pods of one component: it never changes, because a StatefulSet's selector cannot. */
    public Map<String, String> selecting(Component component) {
        return selecting(component.label());
    }

    /** What selects the pod of one instance. */
    public Map<String, String> selecting(Member member) {
        return selecting(member.label());
    }

    private Map<String, String> selecting(String component) {
        return new TreeMap<>(Map.of(APPLICATION, "postgresql", INSTANCE, name, COMPONENT, component));
    }

    /** Selects every pod of the installation. */
    public LabelSelector allPods() {
        return selector(Map.of(INSTANCE, name, PART_OF, PRODUCT));
    }

    /** Selects the pods of both instances. */
    public LabelSelector members() {
        return selector(Map.of(MEMBER, name));
    }

    /** Selects the pods of one component, exactly as a workload's own selector does. */
    public LabelSelector pods(Component component) {
        return selector(selecting(component));
    }

    /** Selects the pods of several components. */
    public LabelSelector podsOf(List<Component> components) {
        return new LabelSelectorBuilder()
                .withMatchLabels(Map.of(INSTANCE, name))
                .addNewMatchExpression()
                .withKey(COMPONENT)
                .withOperator("In")
                .withValues(components.stream().map(Component::label).sorted().toList())
                .endMatchExpression()
                .build();
    }

    /** The labels and one more. */
    public static Map<String, String> with(Map<String, String> labels, String key, String value) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put(key, value);
        return all;
    }

    /** A selector of exactly these labels. */
    public static LabelSelector selector(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(new TreeMap<>(labels)).build();
    }
}
