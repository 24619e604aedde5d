/** The status page at {@code /}, what it shows of the past, and the builds that adapters report. */
@NullMarked
package io.gocacheserver.page;

import org.jspecify.annotations.NullMarked;
