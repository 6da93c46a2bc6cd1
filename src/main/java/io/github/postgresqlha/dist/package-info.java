/**
 * The files of {@code dist/} beside the manifests: kustomization, scripts, the data file of the deploy and test scripts,
 * documentation.
 *
 * <p>May use: {@code kubernetes}, {@code credentials}, {@code script}.
 */
@NullMarked
package io.github.postgresqlha.dist;

import org.jspecify.annotations.NullMarked;
