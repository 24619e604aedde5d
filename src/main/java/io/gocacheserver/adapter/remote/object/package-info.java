/** Fetch and upload of checked objects, one by one or in bulk reads. */
@NullMarked
package io.gocacheserver.adapter.remote.object;

import org.jspecify.annotations.NullMarked;
