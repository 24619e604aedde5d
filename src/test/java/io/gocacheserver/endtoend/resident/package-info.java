/** Builds through the resident process and the launcher. */
@NullMarked
package io.gocacheserver.endtoend.resident;

import org.jspecify.annotations.NullMarked;
