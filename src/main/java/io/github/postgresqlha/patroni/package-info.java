/** Automatic failover: Patroni's configuration files. */
@NullMarked
package io.github.postgresqlha.patroni;

import org.jspecify.annotations.NullMarked;
