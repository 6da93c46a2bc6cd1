/** How a text is shown that somebody else wrote. */
@Internal
@NullMarked
package io.github.postgresqlha.text;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
