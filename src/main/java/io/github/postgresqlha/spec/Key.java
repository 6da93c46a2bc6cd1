package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks an accessor of a specification as a key of {@code postgresql-ha.yaml}, with the sentence that editors show for it. */
@Internal
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

    /** What the key means, with its unit. */
    String value();

    /** The word that may stand for a whole list, as one item; none where it is empty. */
    String word() default "";
}
