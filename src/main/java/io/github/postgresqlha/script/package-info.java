/**
 * The shell scripts: files of this package's resources, byte for byte the same in a pod, fed by environment variables
 * and never templates.
 */
@Internal
@NullMarked
package io.github.postgresqlha.script;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
