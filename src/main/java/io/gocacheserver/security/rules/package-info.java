/** Rights of clients, from rules and the settings of tokens. */
@NullMarked
package io.gocacheserver.security.rules;

import org.jspecify.annotations.NullMarked;
