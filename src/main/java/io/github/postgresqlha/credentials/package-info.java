/** The Secret of the database roles: its name and its keys; what cert-manager makes the certificate from. No type here can hold a password or a key. */
@Internal
@NullMarked
package io.github.postgresqlha.credentials;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
