/** Who may talk to whom. */
@NullMarked
package io.github.postgresqlha.network;

import org.jspecify.annotations.NullMarked;
