/** One installation, as it follows from its specification: members, names, labels. */
@NullMarked
package io.github.postgresqlha.installation;

import org.jspecify.annotations.NullMarked;
