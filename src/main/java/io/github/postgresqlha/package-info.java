/** The specification of an installation and the chart made of it. May use every other package. */
@NullMarked
package io.github.postgresqlha;

import org.jspecify.annotations.NullMarked;
