/** The HTTP server: bounds for slow clients, threads, its own errors. */
@NullMarked
package io.gocacheserver.web.tomcat;

import org.jspecify.annotations.NullMarked;
