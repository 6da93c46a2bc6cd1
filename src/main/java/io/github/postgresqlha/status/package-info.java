/**
 * What {@code pgha status} shows of a health check's answer, in a terminal and as a page.
 *
 */
@Internal
@NullMarked
package io.github.postgresqlha.status;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
