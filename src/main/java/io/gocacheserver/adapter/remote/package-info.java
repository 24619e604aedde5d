/** The service as a cache: fetch and upload of checked objects, behind a circuit breaker. */
@NullMarked
package io.gocacheserver.adapter.remote;

import org.jspecify.annotations.NullMarked;
