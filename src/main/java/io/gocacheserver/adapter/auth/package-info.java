/** What the adapter shows the service to be let in: a token that it was given, reads from a file or asks GitHub for. */
@NullMarked
package io.gocacheserver.adapter.auth;

import org.jspecify.annotations.NullMarked;
