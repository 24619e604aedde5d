/** What the machine tells: programs that are run for an answer, and small files. */
@NullMarked
package io.gocacheserver.adapter.system;

import org.jspecify.annotations.NullMarked;
