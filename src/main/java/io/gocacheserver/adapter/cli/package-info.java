/** The command line and environment of go-cache-adapter. */
@NullMarked
package io.gocacheserver.adapter.cli;

import org.jspecify.annotations.NullMarked;
