/** Builds that adapters report: their history, which packages missed, and why. */
@NullMarked
package io.gocacheserver.build;

import org.jspecify.annotations.NullMarked;
