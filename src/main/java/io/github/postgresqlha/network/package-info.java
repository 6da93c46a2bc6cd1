/** Who may talk to whom. */
@Internal
@NullMarked
package io.github.postgresqlha.network;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
