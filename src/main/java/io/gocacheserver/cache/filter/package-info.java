/** Filters of the actions that the cache has, so that clients need not ask for what it lacks. */
@NullMarked
package io.gocacheserver.cache.filter;

import org.jspecify.annotations.NullMarked;
