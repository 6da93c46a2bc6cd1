/** When jobs run. */
@NullMarked
package io.github.postgresqlha.schedule;

import org.jspecify.annotations.NullMarked;
