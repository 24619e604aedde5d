/** The real service, the real adapter and the real Go command together, as their users run them. */
@NullMarked
package io.gocacheserver.endtoend;

import org.jspecify.annotations.NullMarked;
