/** Bulk reads. */
@NullMarked
package io.gocacheserver.web.bulk;

import org.jspecify.annotations.NullMarked;
