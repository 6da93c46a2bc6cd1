/**
 * Backups: dumps, base backups, the WAL archive, the restore test, the copy outside of the cluster, and the volume that holds them.
 */
@Internal
@NullMarked
package io.github.postgresqlha.backup;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
