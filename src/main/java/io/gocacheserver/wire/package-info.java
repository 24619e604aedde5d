/** The HTTP contract between service and clients: paths, headers, error types. */
@NullMarked
package io.gocacheserver.wire;

import org.jspecify.annotations.NullMarked;
