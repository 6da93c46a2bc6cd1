/** The instances: StatefulSets, Services, storage and configuration of the primary and of the standbys. */
@NullMarked
package io.github.postgresqlha.database;

import org.jspecify.annotations.NullMarked;
