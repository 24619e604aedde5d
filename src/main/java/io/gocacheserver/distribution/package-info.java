/** The adapter as the service offers it: archives, checksums, and a script that installs the one that fits. */
@NullMarked
package io.gocacheserver.distribution;

import org.jspecify.annotations.NullMarked;
