/** {@code go-cache-adapter doctor}: checks what a build with the cache depends on, and says what to do. */
@NullMarked
package io.gocacheserver.adapter.doctor;

import org.jspecify.annotations.NullMarked;
