/** Whether a token is valid, and what its client may do: static tokens, issuers, sessions, rules. */
@NullMarked
package io.gocacheserver.security.tokens;

import org.jspecify.annotations.NullMarked;
