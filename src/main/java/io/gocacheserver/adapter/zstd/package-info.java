/** Objects in the content coding zstd. Nothing else in the adapter touches the library that decodes them. */
@NullMarked
package io.gocacheserver.adapter.zstd;

import org.jspecify.annotations.NullMarked;
