/** The service's entry point; everything else is in a package for its feature. */
@NullMarked
package io.gocacheserver;

import org.jspecify.annotations.NullMarked;
