/** What every Kubernetes object of the product shares: ports, hardening, volumes, resources. */
@NullMarked
package io.github.postgresqlha.kubernetes;

import org.jspecify.annotations.NullMarked;
