/** What a build gets at its start: many objects in one answer. */
@NullMarked
package io.gocacheserver.web.prefetch;

import org.jspecify.annotations.NullMarked;
