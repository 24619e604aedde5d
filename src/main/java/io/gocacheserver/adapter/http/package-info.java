/** An HTTP/1.1 client over plain sockets, small because the adapter's process is short-lived. */
@NullMarked
package io.gocacheserver.adapter.http;

import org.jspecify.annotations.NullMarked;
