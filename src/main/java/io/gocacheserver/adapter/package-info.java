/** The GOCACHEPROG adapter: a program of its own, which speaks to cmd/go on stdio and to the service over HTTP. */
@NullMarked
package io.gocacheserver.adapter;

import org.jspecify.annotations.NullMarked;
