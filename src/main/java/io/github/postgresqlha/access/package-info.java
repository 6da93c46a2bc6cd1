/** Who may do what with the Kubernetes API: ServiceAccounts of the pods, Roles for people. */
@NullMarked
package io.github.postgresqlha.access;

import org.jspecify.annotations.NullMarked;
