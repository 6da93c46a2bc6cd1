/** What an installation consists of, before anything is written: its parts, each with its objects. Knows no cdk8s. */
@Internal
@NullMarked
package io.github.postgresqlha.plan;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
