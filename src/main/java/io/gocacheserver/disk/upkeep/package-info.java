/** The upkeep of the disk tier: space, eviction, background checks, recovery. */
@NullMarked
package io.gocacheserver.disk.upkeep;

import org.jspecify.annotations.NullMarked;
