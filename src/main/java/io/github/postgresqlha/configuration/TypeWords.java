package io.github.postgresqlha.configuration;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.postgresql.SessionTimeout;
import io.github.postgresqlha.schedule.CronSchedule;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people call the type of a key. */
final class TypeWords {

    private static final Map<Class<?>, String> SINGLE = Map.ofEntries(
            Map.entry(String.class, "text"),
            Map.entry(int.class, "whole number"),
            Map.entry(Integer.class, "whole number"),
            Map.entry(long.class, "whole number"),
            Map.entry(double.class, "number"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(Quantity.class, "quantity of Kubernetes, as 500m of a processor, or 4Gi bytes"),
            Map.entry(MemorySize.class, "size: a whole number with a unit kB, MB, GB or TB"),
            Map.entry(RecoveryDelay.class, "time: a whole number with a unit s, min, h or d"),
            Map.entry(SessionTimeout.class, "time: a whole number with a unit ms, s, min, h or d, or 0 for no limit"),
            Map.entry(CronSchedule.class, "schedule in UTC: minute hour day-of-month month day-of-week"),
            Map.entry(GenericKubernetesResource.class, "object of Kubernetes, of any kind"));

    private TypeWords() {}

    static String of(SpecKey key) {
        if (key.isMap()) {
            return key.valueType() == String.class
                    ? "names and their values"
                    : "names, and of each " + one(key.valueType());
        }
        String one = one(key.type());
        if (!key.isList()) {
            return one;
        }
        return (key.word().isEmpty() ? "list" : key.word() + ", or a list") + ", of each item: " + one;
    }

    private static String one(Class<?> type) {
        if (SpecKey.isSpec(type)) {
            return "keys and values";
        }
        if (type.isEnum()) {
            return "one of "
                    + ScalarTypes.constants(type).stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return Optional.ofNullable(SINGLE.get(type))
                .orElseGet(() -> type.getSimpleName() + " of Kubernetes, in its own words; see kubectl explain");
    }
}
