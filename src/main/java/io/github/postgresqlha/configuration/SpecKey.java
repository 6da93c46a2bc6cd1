package io.github.postgresqlha.configuration;

import io.github.postgresqlha.spec.Key;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One key of a specification: an accessor that is marked with {@link Key}. */
record SpecKey(Method accessor) {

    /** The keys of a specification's type, sorted by name. */
    static List<SpecKey> of(Class<?> spec) {
        return Arrays.stream(spec.getMethods())
                .filter(method -> method.isAnnotationPresent(Key.class))
                .map(SpecKey::new)
                .sorted(Comparator.comparing(SpecKey::name))
                .toList();
    }

    /** Whether a type is a specification, with keys of its own. */
    static boolean isSpec(Class<?> type) {
        return type.isInterface() && !of(type).isEmpty();
    }

    String name() {
        return accessor.getName();
    }

    String description() {
        return accessor.getAnnotation(Key.class).value();
    }

    /** The word that may stand for the whole list; empty where there is none. */
    String word() {
        return accessor.getAnnotation(Key.class).word();
    }

    boolean isOptional() {
        return accessor.getReturnType() == Optional.class;
    }

    /** Whether its type gives it no default: the type around it may. */
    boolean hasNoDefault() {
        return !accessor.isDefault() && !isOptional() && !isList() && !isMap();
    }

    boolean isList() {
        return accessor.getReturnType() == List.class;
    }

    boolean isMap() {
        return accessor.getReturnType() == SortedMap.class;
    }

    /** The type of its value; of one item where it is a list. */
    Class<?> type() {
        if (isOptional() || isList()) {
            Type argument = ((ParameterizedType) accessor.getGenericReturnType()).getActualTypeArguments()[0];
            return (Class<?>) argument;
        }
        return accessor.getReturnType();
    }

    /** The type of a map's values. */
    Class<?> valueType() {
        return (Class<?>) ((ParameterizedType) accessor.getGenericReturnType()).getActualTypeArguments()[1];
    }

    /** Its value in a specification. */
    Object valueOf(Object spec) {
        try {
            return accessor.invoke(spec);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + accessor, e);
        }
    }
}
