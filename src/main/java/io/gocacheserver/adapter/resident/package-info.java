/** The resident process: serves many Go commands over a Unix socket, and outlives each of them. */
@NullMarked
package io.gocacheserver.adapter.resident;

import org.jspecify.annotations.NullMarked;
