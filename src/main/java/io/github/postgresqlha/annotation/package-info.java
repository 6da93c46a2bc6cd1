/** What is API and what is not. */
@NullMarked
package io.github.postgresqlha.annotation;

import org.jspecify.annotations.NullMarked;
