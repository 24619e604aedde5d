/** The files of the disk tier: where they lie, how they come in, and whether they are right. */
@NullMarked
package io.gocacheserver.disk.blobs;

import org.jspecify.annotations.NullMarked;
