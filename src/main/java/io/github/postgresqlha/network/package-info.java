/**
 * Who may talk to whom.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}.
 */
@NullMarked
package io.github.postgresqlha.network;

import org.jspecify.annotations.NullMarked;
