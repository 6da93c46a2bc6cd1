/** The constructs for cdk8s charts, the whole and its parts, and the synthesis of {@code dist/}. */
@NullMarked
package io.github.postgresqlha;

import org.jspecify.annotations.NullMarked;
