/** Who may do what with the Kubernetes API: ServiceAccounts of the pods, Roles for people. */
@Internal
@NullMarked
package io.github.postgresqlha.access;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
