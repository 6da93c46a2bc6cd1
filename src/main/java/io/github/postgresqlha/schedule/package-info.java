/** When jobs run. Uses nothing of the product. */
@NullMarked
package io.github.postgresqlha.schedule;

import org.jspecify.annotations.NullMarked;
