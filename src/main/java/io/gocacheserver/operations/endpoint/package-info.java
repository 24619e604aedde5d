/** The actuator endpoints. */
@NullMarked
package io.gocacheserver.operations.endpoint;

import org.jspecify.annotations.NullMarked;
