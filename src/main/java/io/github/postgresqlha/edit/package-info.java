/** What users change of the objects beyond the keys that the product knows, and what of that would break it. */
@NullMarked
package io.github.postgresqlha.edit;

import org.jspecify.annotations.NullMarked;
