/**
 * The Secret of the database roles: its name and its keys. No type here can hold a password.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}.
 */
@NullMarked
package io.github.postgresqlha.credentials;

import org.jspecify.annotations.NullMarked;
