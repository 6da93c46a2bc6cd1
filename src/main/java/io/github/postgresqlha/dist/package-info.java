/**
 * The files of {@code dist/} beside the manifests: kustomization, scripts, the data file of the deploy and test scripts,
 * documentation.
 *
 */
@Internal(except = DistFile.class)
@NullMarked
package io.github.postgresqlha.dist;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
