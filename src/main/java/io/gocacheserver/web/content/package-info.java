/** Representations of objects: codings, ranges, entity tags. */
@NullMarked
package io.gocacheserver.web.content;

import org.jspecify.annotations.NullMarked;
