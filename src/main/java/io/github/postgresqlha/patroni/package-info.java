/** Automatic failover: Patroni's configuration files. */
@Internal
@NullMarked
package io.github.postgresqlha.patroni;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
