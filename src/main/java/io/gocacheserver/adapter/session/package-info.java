/** One Go command's conversation with the cache: local disk first, then the service, uploads behind. */
@NullMarked
package io.gocacheserver.adapter.session;

import org.jspecify.annotations.NullMarked;
