/**
 * The command {@code pgha}.
 *
 */
@NullMarked
package io.github.postgresqlha.cli;

import org.jspecify.annotations.NullMarked;
