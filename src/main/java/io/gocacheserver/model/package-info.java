/** Action IDs, output IDs and entries: small validated values that every other package speaks in. */
@NullMarked
package io.gocacheserver.model;

import org.jspecify.annotations.NullMarked;
