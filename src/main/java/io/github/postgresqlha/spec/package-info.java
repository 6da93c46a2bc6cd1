/** How specifications are made and how they say what is wrong with them. Uses nothing of the product. */
@NullMarked
package io.github.postgresqlha.spec;

import org.jspecify.annotations.NullMarked;
