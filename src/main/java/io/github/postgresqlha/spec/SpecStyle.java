package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import javax.annotation.processing.Generated;
import org.immutables.value.Value;

/**
 * How every specification is made: by its builder, checked when it is built. The generated classes stay hidden behind the interface: a builder
 * that is visible to its package only has its methods documented as those of the nested class, and no annotation of Immutables is in the class
 * files, for which the compiler of a user would look in vain.
 */
@Internal
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.CLASS)
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        builderVisibility = Value.Style.BuilderVisibility.PACKAGE,
        overshadowImplementation = true,
        depluralize = true,
        jdkOnly = true,
        defaultAsDefault = true,
        allowedClasspathAnnotations = Generated.class,
        defaults = @Value.Immutable(copy = false),
        throwForInvalidImmutableState = InvalidSpecException.class)
public @interface SpecStyle {}
