/** How Airflow connects: URLs, variables, settings of its drivers, migration. */
@Internal
@NullMarked
package io.github.postgresqlha.airflow;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
