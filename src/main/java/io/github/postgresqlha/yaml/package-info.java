/** Writes YAML 1.1 in the very form of cdk8s, without node. */
@Internal
@NullMarked
package io.github.postgresqlha.yaml;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
