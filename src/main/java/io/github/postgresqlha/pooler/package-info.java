/** PgBouncer between clients and members. */
@Internal
@NullMarked
package io.github.postgresqlha.pooler;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
