package io.github.postgresqlha.configuration;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The defaults of a specification that cannot be built from them alone, because it has required keys as well. */
final class Defaults {

    private Defaults() {}

    /** A specification that answers with its defaults, and with nothing for a key that has none. */
    static Object of(Class<?> spec) {
        return Proxy.newProxyInstance(spec.getClassLoader(), new Class<?>[] {spec}, Defaults::value);
    }

    /** Whether a key has to be given, because nothing gives its default: neither its own type nor that around it. */
    static boolean lack(SpecKey key, Object values) {
        return key.hasNoDefault() && Proxy.isProxyClass(values.getClass());
    }

    private static Object value(Object spec, Method accessor, Object[] arguments) throws Throwable {
        if (accessor.isDefault()) {
            return InvocationHandler.invokeDefault(spec, accessor, arguments);
        }
        Class<?> type = accessor.getReturnType();
        return type == List.class ? List.of() : type == SortedMap.class ? new TreeMap<>() : Optional.empty();
    }
}
