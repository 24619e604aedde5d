/** A look at a running service from outside, with nothing but the JDK: for containers and installations. */
@NullMarked
package io.gocacheserver.probe;

import org.jspecify.annotations.NullMarked;
