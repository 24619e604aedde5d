/** Removal of entries by an operator, from disk and from S3. */
@NullMarked
package io.gocacheserver.cache.purge;

import org.jspecify.annotations.NullMarked;
