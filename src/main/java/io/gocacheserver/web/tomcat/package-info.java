/** The HTTP server: how long clients are waited for, which threads serve them, what it answers by itself. */
@NullMarked
package io.gocacheserver.web.tomcat;

import org.jspecify.annotations.NullMarked;
