/** One installation, as it follows from its specification: members, names, labels. */
@Internal(except = ObjectNames.class)
@NullMarked
package io.github.postgresqlha.installation;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
