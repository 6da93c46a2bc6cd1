/** Reads {@code postgresql-ha.yaml} into specifications, and describes it to editors. */
@NullMarked
package io.github.postgresqlha.configuration;

import org.jspecify.annotations.NullMarked;
