/**
 * Backups: the nightly dump, the WAL archive and the volume that holds both.
 *
 * <p>May use: {@code spec}, {@code postgresql}, {@code kubernetes}, {@code script}, {@code database}.
 */
@NullMarked
package io.github.postgresqlha.backup;

import org.jspecify.annotations.NullMarked;
