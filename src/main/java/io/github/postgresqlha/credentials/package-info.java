/** The Secret of the database roles: its name and its keys. No type here can hold a password. */
@Internal
@NullMarked
package io.github.postgresqlha.credentials;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
