/**
 * PostgreSQL's own vocabulary: parameters, HBA rules, identifiers, replication slots, and how each is written.
 *
 * <p>Knows nothing of Kubernetes or cdk8s, so that everything here is testable in microseconds.
 */
@NullMarked
package io.github.postgresqlha.postgresql;

import org.jspecify.annotations.NullMarked;
