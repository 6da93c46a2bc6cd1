package io.github.postgresqlha.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Value;

/**
 * How every specification is made: by its builder, once, checked when it is built. The generated class stays hidden behind the interface.
 */
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.CLASS)
@Value.Style(
        visibility = Value.Style.ImplementationVisibility.PACKAGE,
        overshadowImplementation = true,
        strictBuilder = true,
        depluralize = true,
        jdkOnly = true,
        defaultAsDefault = true,
        defaults = @Value.Immutable(copy = false),
        throwForInvalidImmutableState = InvalidSpecException.class)
public @interface SpecStyle {}
