/** What all requests to one service go through: circuit breaker, gate, time budget, and what is known of it. */
@NullMarked
package io.gocacheserver.adapter.remote.access;

import org.jspecify.annotations.NullMarked;
