/** GOCACHEPROG's JSON lines: what the Go command asks on stdin, and the answers on stdout. */
@NullMarked
package io.gocacheserver.adapter.protocol;

import org.jspecify.annotations.NullMarked;
