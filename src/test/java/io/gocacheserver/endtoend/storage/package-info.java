/** What the service promises for its disk and its bucket, on good and bad days. */
@NullMarked
package io.gocacheserver.endtoend.storage;

import org.jspecify.annotations.NullMarked;
