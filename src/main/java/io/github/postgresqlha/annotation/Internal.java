package io.github.postgresqlha.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Public in Java only because packages are split, and no part of the API: it may change or go in any release.
 *
 * <p>On a package it is on all of its types but those of {@link #except()}; on a type on all of its members.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PACKAGE, ElementType.TYPE, ElementType.CONSTRUCTOR, ElementType.METHOD, ElementType.FIELD})
public @interface Internal {

    /** The types of a package that are API all the same. */
    Class<?>[] except() default {};
}
