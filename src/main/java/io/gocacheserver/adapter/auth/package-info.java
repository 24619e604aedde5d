/** Tokens for the service: given, read from a file, or issued by GitHub. */
@NullMarked
package io.gocacheserver.adapter.auth;

import org.jspecify.annotations.NullMarked;
