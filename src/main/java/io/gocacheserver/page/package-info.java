/** The status page at {@code /}, its history, and the builds that adapters report. */
@NullMarked
package io.gocacheserver.page;

import org.jspecify.annotations.NullMarked;
