/**
 * PostgreSQL's own vocabulary: parameters, HBA rules, identifiers, replication slots, and how each is written.
 *
 * <p>Knows nothing of Kubernetes or cdk8s, so that everything here is testable in microseconds.
 */
@Internal(
        except = {
            Audit.class,
            DataDurability.class,
            MemorySize.class,
            PostgresVersion.class,
            RecoveryDelay.class,
            SessionTimeout.class,
            Synchronous.class
        })
@NullMarked
package io.github.postgresqlha.postgresql;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
