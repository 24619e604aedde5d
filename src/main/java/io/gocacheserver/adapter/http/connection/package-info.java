/** Connections to the service or a proxy, plain, over TLS or to a Unix socket, each wait bounded. */
@NullMarked
package io.gocacheserver.adapter.http.connection;

import org.jspecify.annotations.NullMarked;
