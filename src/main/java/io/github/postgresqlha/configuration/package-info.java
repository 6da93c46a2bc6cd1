/** Reads {@code postgresql-ha.yaml} into specifications, and describes it to editors. May use: the specifications. */
@NullMarked
package io.github.postgresqlha.configuration;

import org.jspecify.annotations.NullMarked;
