/**
 * The command {@code pgha}.
 *
 */
@Internal
@NullMarked
package io.github.postgresqlha.cli;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
