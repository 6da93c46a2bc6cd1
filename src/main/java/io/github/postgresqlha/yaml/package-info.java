/** Writes YAML 1.1 in the very form of cdk8s, without node. */
@NullMarked
package io.github.postgresqlha.yaml;

import org.jspecify.annotations.NullMarked;
