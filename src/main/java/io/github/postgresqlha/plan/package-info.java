/** What an installation consists of, before anything is written: its parts, each with its objects. Knows no cdk8s. */
@NullMarked
package io.github.postgresqlha.plan;

import org.jspecify.annotations.NullMarked;
