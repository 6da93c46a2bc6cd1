/**
 * The files of {@code dist/} beside the manifests: kustomization, scripts, the data file of the deploy and test scripts,
 * documentation.
 *
 */
@NullMarked
package io.github.postgresqlha.dist;

import org.jspecify.annotations.NullMarked;
