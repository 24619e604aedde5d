/** The native GOCACHE directory, in cmd/go's own layout. */
@NullMarked
package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.NullMarked;
