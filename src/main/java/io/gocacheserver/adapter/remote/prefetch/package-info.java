/** Objects that are fetched before the Go command asks for them, by a build profile. */
@NullMarked
package io.gocacheserver.adapter.remote.prefetch;

import org.jspecify.annotations.NullMarked;
