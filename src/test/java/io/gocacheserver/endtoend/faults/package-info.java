/** Builds while something fails: the service, the network, the disk, the adapter itself. */
@NullMarked
package io.gocacheserver.endtoend.faults;

import org.jspecify.annotations.NullMarked;
