/** What every Kubernetes object of the product shares: ports, hardening, volumes, resources. */
@Internal
@NullMarked
package io.github.postgresqlha.kubernetes;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
