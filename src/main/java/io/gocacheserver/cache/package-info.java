/** The tiered cache: local disk first, then the remote tier, with the semantics of go-cache-plugin's S3 cache. */
@NullMarked
package io.gocacheserver.cache;

import org.jspecify.annotations.NullMarked;
