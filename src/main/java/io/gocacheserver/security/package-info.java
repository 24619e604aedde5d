/** Who may do what: static tokens, OpenID Connect issuers, rules that give namespaces, and limits for each client. */
@NullMarked
package io.gocacheserver.security;

import org.jspecify.annotations.NullMarked;
