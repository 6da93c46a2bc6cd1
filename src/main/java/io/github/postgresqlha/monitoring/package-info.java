/**
 * Watching: the periodic health check.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}, {@code script}, {@code database}.
 */
@NullMarked
package io.github.postgresqlha.monitoring;

import org.jspecify.annotations.NullMarked;
