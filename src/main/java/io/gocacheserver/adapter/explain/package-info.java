/** What a build's actions were for: names for the service, which explains misses by them. */
@NullMarked
package io.gocacheserver.adapter.explain;

import org.jspecify.annotations.NullMarked;
