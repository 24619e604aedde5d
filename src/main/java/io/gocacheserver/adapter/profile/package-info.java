/** Under which keys the service knows what a build like this one used: from the Go command, its module and its branch. */
@NullMarked
package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.NullMarked;
