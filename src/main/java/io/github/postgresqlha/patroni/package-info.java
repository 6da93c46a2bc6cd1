/**
 * Automatic failover: Patroni's settings and its configuration files.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}, {@code script}.
 */
@NullMarked
package io.github.postgresqlha.patroni;

import org.jspecify.annotations.NullMarked;
