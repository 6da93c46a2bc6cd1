/** The instances: StatefulSets, Services, storage and configuration of the primary and of the standbys. */
@Internal
@NullMarked
package io.github.postgresqlha.database;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
