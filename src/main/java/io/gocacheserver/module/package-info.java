/** Go modules: the GOPROXY protocol, from the tiers and from upstreams. */
@NullMarked
package io.gocacheserver.module;

import org.jspecify.annotations.NullMarked;
