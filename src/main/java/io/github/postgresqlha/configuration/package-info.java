/** Reads {@code postgresql-ha.yaml} into specifications, and describes it to editors. */
@Internal
@NullMarked
package io.github.postgresqlha.configuration;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
