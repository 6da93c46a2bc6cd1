/** The health check. */
@Internal
@NullMarked
package io.github.postgresqlha.monitoring;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
