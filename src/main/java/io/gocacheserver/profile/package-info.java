/** Build profiles: which actions builds of one kind used, so that the next one can have them before it asks. */
@NullMarked
package io.gocacheserver.profile;

import org.jspecify.annotations.NullMarked;
