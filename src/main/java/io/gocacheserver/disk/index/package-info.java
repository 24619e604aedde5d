/** The index of the disk tier: actions and small objects in SQLite, and what is kept in memory of it. */
@NullMarked
package io.gocacheserver.disk.index;

import org.jspecify.annotations.NullMarked;
