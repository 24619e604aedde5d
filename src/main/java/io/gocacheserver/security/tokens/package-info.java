/** Whether a token is valid: static tokens, issuers, sessions. */
@NullMarked
package io.gocacheserver.security.tokens;

import org.jspecify.annotations.NullMarked;
