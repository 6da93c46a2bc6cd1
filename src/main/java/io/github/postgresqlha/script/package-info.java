/**
 * The shell scripts: files of this package's resources, byte for byte the same in a pod, fed by environment variables
 * and never templates.
 */
@NullMarked
package io.github.postgresqlha.script;

import org.jspecify.annotations.NullMarked;
