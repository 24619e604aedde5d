/** Authentication and rights: static tokens, OpenID Connect issuers, rules that give namespaces, limits for each client. */
@NullMarked
package io.gocacheserver.security;

import org.jspecify.annotations.NullMarked;
