/** Who a client is and what it may do, from rules and tokens' settings. */
@NullMarked
package io.gocacheserver.security.rules;

import org.jspecify.annotations.NullMarked;
