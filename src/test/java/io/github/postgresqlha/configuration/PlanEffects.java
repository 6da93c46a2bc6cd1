package io.github.postgresqlha.configuration;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.Plan;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the plan of one file reaches when it is applied over the plan of another, as Kubernetes acts on it. */
final class PlanEffects {

    private final Map<String, HasMetadata> before;
    private final Map<String, HasMetadata> after;

    private PlanEffects(String before, String after) {
        this.before = BEGINNINGS.computeIfAbsent(before, PlanEffects::objects);
        this.after = objects(after);
    }

    static Set<Effect> between(String before, String after) {
        return new PlanEffects(before, after).effects();
    }

    /** Many keys begin with the same file. */
    private static final Map<String, Map<String, HasMetadata>> BEGINNINGS = new HashMap<>();

    private static Map<String, HasMetadata> objects(String file) {
        return Plan.parts(Installation.of(ConfigurationFile.parse(file))).stream()
                .flatMap(part -> part.objects().stream())
                .collect(Collectors.toMap(
                        object -> object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                                + object.getMetadata().getName(),
                        Function.identity()));
    }

    private Set<Effect> effects() {
        if (before.keySet().stream().noneMatch(name -> name.startsWith("StatefulSet") && after.containsKey(name))) {
            return EnumSet.of(Effect.NAMES);
        }
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        Set<Effect> effects = EnumSet.noneOf(Effect.class);
        names.forEach(name -> add(effects, before.get(name), after.get(name)));
        if (effects.contains(Effect.PRIMARY)) {
            effects.remove(Effect.RELOAD);
        }
        return effects;
    }

    private static void add(Set<Effect> effects, @Nullable HasMetadata old, @Nullable HasMetadata now) {
        HasMetadata one = Objects.requireNonNull(now == null ? old : now);
        if (one instanceof StatefulSet) {
            addIf(effects, differ(old, now, PodSpecs::template), member(one));
        } else if (one instanceof Deployment) {
            addIf(effects, differ(old, now, PodSpecs::template), deployment(one));
        } else if (one instanceof CronJob) {
            addIf(effects, differ(old, now, job -> ((CronJob) job).getSpec()), Effect.JOBS);
        } else if (old instanceof PersistentVolumeClaim && now instanceof PersistentVolumeClaim) {
            addIf(effects, differ(old, now, claim -> fixed((PersistentVolumeClaim) claim)), Effect.CLAIM);
        } else if (one instanceof ConfigMap && one.getMetadata().getName().endsWith("-config")) {
            addIf(effects, differ(old, now, files -> ((ConfigMap) files).getData()), Effect.RELOAD);
        }
    }

    private static Effect deployment(HasMetadata deployment) {
        return deployment.getMetadata().getName().endsWith("-pooler") ? Effect.POOLER : Effect.ARCHIVER;
    }

    private static Effect member(HasMetadata set) {
        return set.getMetadata().getName().endsWith("-primary") ? Effect.PRIMARY : Effect.STANDBY;
    }

    /** All of a claim but its size, which can grow. */
    private static PersistentVolumeClaimSpec fixed(PersistentVolumeClaim claim) {
        return new PersistentVolumeClaimSpecBuilder(claim.getSpec())
                .withResources(null)
                .build();
    }

    private static boolean differ(
            @Nullable HasMetadata old, @Nullable HasMetadata now, Function<HasMetadata, Object> part) {
        return old == null || now == null || !part.apply(old).equals(part.apply(now));
    }

    private static void addIf(Set<Effect> effects, boolean holds, Effect effect) {
        if (holds) {
            effects.add(effect);
        }
    }
}
