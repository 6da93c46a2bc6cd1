/** What a user can ask for: the specifications, their rules, and how they say what is wrong. */
@NullMarked
package io.github.postgresqlha.spec;

import org.jspecify.annotations.NullMarked;
