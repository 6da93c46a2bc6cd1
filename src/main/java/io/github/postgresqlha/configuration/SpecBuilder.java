package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.InvalidSpecException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;

/**
 * The builder of a specification whose type is known only at run time.
 *
 * <p>The builders' methods are public, but declared by generated classes, which are not: hence {@code setAccessible}.
 */
record SpecBuilder<T>(Class<T> type, Object builder) {

    static <T> SpecBuilder<T> of(Class<T> type) {
        return new SpecBuilder<>(type, invoke(method(type, "builder"), type));
    }

    /** Gives a key its value; only once. */
    void set(SpecKey key, Object value) {
        String capital =
                Character.toUpperCase(key.name().charAt(0)) + key.name().substring(1);
        String name = key.isList() ? "addAll" + capital : key.isMap() ? "putAll" + capital : key.name();
        Method setter = Arrays.stream(builder.getClass().getMethods())
                .filter(candidate -> candidate.getName().equals(name) && accepts(candidate, value))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no builder method for " + key.accessor()));
        invoke(setter, builder, value);
    }

    /** Throws {@link InvalidSpecException} where the specification's own rules refuse it. */
    T build() {
        return type.cast(invoke(method(builder.getClass(), "build"), builder));
    }

    private static boolean accepts(Method setter, Object value) {
        if (setter.getParameterCount() != 1) {
            return false;
        }
        Class<?> parameter = setter.getParameterTypes()[0];
        // A default that is absent is no number.
        return parameter.isPrimitive() ? !(value instanceof Optional) : parameter.isInstance(value);
    }

    private static Method method(Class<?> owner, String name) {
        try {
            return owner.getMethod(name);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Object invoke(Method method, Object target, Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof InvalidSpecException invalid) {
                throw invalid;
            }
            throw new IllegalStateException("cannot call " + method, thrown);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("cannot call " + method, impossible);
        }
    }
}
