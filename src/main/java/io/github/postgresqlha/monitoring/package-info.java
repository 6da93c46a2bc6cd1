/** The health check. */
@NullMarked
package io.github.postgresqlha.monitoring;

import org.jspecify.annotations.NullMarked;
