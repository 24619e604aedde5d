/** Meters. */
@NullMarked
package io.gocacheserver.operations.metrics;

import org.jspecify.annotations.NullMarked;
