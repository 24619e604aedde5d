/** The parts that all requests to one service go through: circuit breaker, gate, time budget, and its known traits. */
@NullMarked
package io.gocacheserver.adapter.remote.access;

import org.jspecify.annotations.NullMarked;
