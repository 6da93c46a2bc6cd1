package io.github.postgresqlha.testing;

import io.github.postgresqlha.annotation.Internal;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API as the compiled classes have it: what is public or protected and not {@link Internal}. */
public final class PublicApi {

    /** The package of all, as class names begin with it. */
    public static final String BASE = "io.github.postgresqlha.";

    private static final String CLASSES = "target/classes";

    /** What every record and every enum has, and what says nothing of the API. */
    private static final List<String> IMPLIED =
            List.of("toString()", "hashCode()", "equals(Object)", "values()", "valueOf(String)");

    private PublicApi() {}

    /** Its types, sorted by name. */
    public static List<Class<?>> types() {
        return Project.filesBelow(Project.file(CLASSES)).stream()
                .map(file -> file.toString().replace('/', '.'))
                .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                .<Class<?>>map(name -> load(name.replaceFirst("\\.class$", "")))
                .filter(PublicApi::has)
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    /** Each type, and below it its members, with packages left out that go without saying. */
    public static String text() {
        return types().stream()
                .map(type -> shortened(head(type)) + "\n"
                        + members(type)
                                .map(line -> "  " + shortened(line) + "\n")
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }

    /** Every type of the product that some signature names, beside the types that name it. */
    public static Map<String, String> named() {
        return types().stream()
                .flatMap(type -> Stream.concat(Stream.of(head(type)), members(type))
                        .flatMap(line -> Arrays.stream(line.replace("...", "").split("[^\\w.$]+")))
                        .filter(word -> word.startsWith(BASE))
                        .map(word -> Map.entry(word, type.getSimpleName())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
    }

    /** Whether a type, what it is in, or its package is marked as no part of the API. */
    public static boolean isInternal(Class<?> type) {
        Class<?> enclosing = type.getEnclosingClass();
        return type.isAnnotationPresent(Internal.class)
                || (enclosing == null ? isInternalByPackage(type) : isInternal(enclosing));
    }

    private static boolean isInternalByPackage(Class<?> type) {
        Internal internal = type.getPackage().getAnnotation(Internal.class);
        return internal != null && !List.of(internal.except()).contains(type);
    }

    private static boolean has(Class<?> type) {
        Class<?> enclosing = type.getEnclosingClass();
        return isVisible(type.getModifiers()) && !isInternal(type) && (enclosing == null || has(enclosing));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String head(Class<?> type) {
        String supertypes = Stream.concat(
                        Stream.of(visibleSuperclass(type)), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !List.of("java.lang.Object", "java.lang.Record").contains(name)
                        && !name.startsWith("java.lang.Enum<")
                        && !name.equals("java.lang.annotation.Annotation"))
                .collect(Collectors.joining(", "));
        return type.toGenericString() + (supertypes.isEmpty() ? "" : " : " + supertypes);
    }

    /** The first that a user can name; the members of those before it count as the type's own. */
    private static Type visibleSuperclass(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent == null
                ? Object.class
                : isHidden(parent) ? visibleSuperclass(parent) : type.getGenericSuperclass();
    }

    private static boolean isHidden(Class<?> type) {
        return type.getName().startsWith(BASE) && !has(type);
    }

    private static Stream<String> members(Class<?> type) {
        Stream<String> own = Stream.of(
                        Arrays.stream(type.getDeclaredFields()).map(field -> (Member) field),
                        Arrays.stream(type.getDeclaredConstructors()),
                        Arrays.stream(type.getDeclaredMethods()))
                .flatMap(members -> members)
                .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic())
                .filter(member -> !((AnnotatedElement) member).isAnnotationPresent(Internal.class))
                .map(PublicApi::line)
                .filter(line ->
                        IMPLIED.stream().noneMatch(implied -> shortened(line).contains(" " + implied)));
        Class<?> parent = type.getSuperclass();
        return parent != null && isHidden(parent)
                ? Stream.concat(own, members(parent).filter(line -> !line.startsWith("new ")))
                : own;
    }

    /** A member without the name of the type that it is in. */
    private static String line(Member member) {
        String owner = member.getDeclaringClass().getTypeName();
        if (member instanceof Constructor<?> constructor) {
            return constructor.toGenericString().replaceFirst("(public|protected) ", "new ");
        }
        String text = member instanceof Field field ? field.toGenericString() : ((Method) member).toGenericString();
        return text.replace(" " + owner + ".", " ").replaceFirst("^public ", "");
    }

    private static String shortened(String line) {
        return line.replace(BASE, "")
                .replace("public abstract ", "public ")
                .replace('$', '.')
                .replaceAll("\\bjava\\.(lang|util)\\.(?=[A-Z])", "");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
