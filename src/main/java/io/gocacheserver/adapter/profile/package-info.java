/** What is built: facts from files, variables and what Go says. */
@NullMarked
package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.NullMarked;
