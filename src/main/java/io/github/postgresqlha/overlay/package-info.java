/** The installation as an overlay of Airflow's chart: a folder that follows the contract of its {@code chart/kustomize-overlays/}. */
@Internal
@NullMarked
package io.github.postgresqlha.overlay;

import io.github.postgresqlha.annotation.Internal;
import org.jspecify.annotations.NullMarked;
