package io.github.postgresqlha.configuration;

import io.fabric8.kubernetes.api.model.Quantity;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import io.github.postgresqlha.postgresql.SessionTimeout;
import io.github.postgresqlha.schedule.CronSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How single values are read. A refusal says what is wrong, the value and what to do. */
final class ScalarTypes {

    private static final Pattern QUANTITY = Pattern.compile("[0-9]+(\\.[0-9]+)?([numkMGTPE]|[KMGTPE]i)?");

    private static final Map<Class<?>, Function<String, ?>> READERS = Map.ofEntries(
            Map.entry(String.class, text -> text),
            Map.entry(int.class, ScalarTypes::integer),
            Map.entry(Integer.class, ScalarTypes::integer),
            Map.entry(long.class, ScalarTypes::longInteger),
            Map.entry(double.class, ScalarTypes::number),
            Map.entry(boolean.class, ScalarTypes::yesOrNo),
            Map.entry(Boolean.class, ScalarTypes::yesOrNo),
            Map.entry(Quantity.class, ScalarTypes::quantity),
            Map.entry(MemorySize.class, MemorySize::of),
            Map.entry(RecoveryDelay.class, RecoveryDelay::new),
            Map.entry(SessionTimeout.class, SessionTimeout::new),
            Map.entry(CronSchedule.class, CronSchedule::new));

    private ScalarTypes() {}

    /** The value that a text stands for. Throws {@link IllegalArgumentException} with the refusal. */
    static Object read(Class<?> type, String text) {
        Function<String, ?> reader = READERS.get(type);
        if (reader != null) {
            return reader.apply(text);
        }
        return constants(type).stream()
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be one of " + constants(type) + ", got '" + text + "'; choose one"));
    }

    /** The values of an enumeration, as they are written; none for other types. */
    static List<?> constants(Class<?> type) {
        return Optional.ofNullable(type.getEnumConstants()).map(Arrays::asList).orElse(List.of());
    }

    private static Integer integer(String text) {
        long value = longInteger(text);
        if (value != (int) value) {
            throw new IllegalArgumentException("must be a whole number of at most " + Integer.MAX_VALUE + ", got '"
                    + text + "'; write a smaller one");
        }
        return (int) value;
    }

    private static Long longInteger(String text) {
        if (!text.matches("-?[0-9]{1,18}")) {
            throw new IllegalArgumentException("must be a whole number, got '" + text + "'; write it like 200");
        }
        return Long.valueOf(text);
    }

    private static Double number(String text) {
        if (!text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new IllegalArgumentException("must be a number, got '" + text + "'; write it like 0.9");
        }
        return Double.valueOf(text);
    }

    private static Boolean yesOrNo(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false, got '" + text + "'; write one of the two");
        }
        return Boolean.valueOf(text);
    }

    private static Quantity quantity(String text) {
        if (!QUANTITY.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is no quantity, got '" + text + "'; write it like 500m for processors, 4Gi for memory or storage");
        }
        return new Quantity(text);
    }
}
