/** The disk tier: objects as blobs or in index rows, actions in an SQLite index. */
@NullMarked
package io.gocacheserver.disk;

import org.jspecify.annotations.NullMarked;
