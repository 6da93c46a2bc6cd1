/** What several tests share: the project's folder, tools, objects as YAML. */
@NullMarked
package io.github.postgresqlha.testing;

import org.jspecify.annotations.NullMarked;
