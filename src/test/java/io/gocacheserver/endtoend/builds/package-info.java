/** Builds of real Go commands that go well, whatever they are. */
@NullMarked
package io.gocacheserver.endtoend.builds;

import org.jspecify.annotations.NullMarked;
