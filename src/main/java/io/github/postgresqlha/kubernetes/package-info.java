/**
 * What every Kubernetes object of the product shares: names, labels, ports, hardening, resources, and the bridge from
 * a fabric8 object to cdk8s.
 *
 * <p>May use: {@code spec}, {@code postgresql}.
 */
@NullMarked
package io.github.postgresqlha.kubernetes;

import org.jspecify.annotations.NullMarked;
