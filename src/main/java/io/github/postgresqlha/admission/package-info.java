/** What the Kubernetes API refuses for the installation's sake, as CEL, without a program in the cluster. */
@Internal
@NullMarked
package io.github.postgresqlha.admission;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
