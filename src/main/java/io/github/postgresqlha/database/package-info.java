/**
 * The instances: StatefulSets, Services, storage and configuration of the primary and of the standby.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}, {@code credentials}, {@code patroni}, {@code script}.
 */
@NullMarked
package io.github.postgresqlha.database;

import org.jspecify.annotations.NullMarked;
