/**
 * The command {@code pgha}.
 *
 * <p>May use every package.
 */
@NullMarked
package io.github.postgresqlha.cli;

import org.jspecify.annotations.NullMarked;
