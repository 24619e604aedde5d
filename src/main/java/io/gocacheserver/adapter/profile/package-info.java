/** What is built: facts from files, variables and programs that are run for an answer. */
@NullMarked
package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.NullMarked;
