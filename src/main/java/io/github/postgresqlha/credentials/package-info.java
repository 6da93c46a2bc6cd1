/** The Secret of the database roles: its name and its keys. No type here can hold a password. */
@NullMarked
package io.github.postgresqlha.credentials;

import org.jspecify.annotations.NullMarked;
