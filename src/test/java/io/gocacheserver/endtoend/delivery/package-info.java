/** How adapter and service reach their users, and the commands for CI jobs. */
@NullMarked
package io.gocacheserver.endtoend.delivery;

import org.jspecify.annotations.NullMarked;
