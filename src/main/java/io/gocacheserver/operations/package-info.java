/** Operation of the service: metrics, health, actuator endpoints, shutdown. */
@NullMarked
package io.gocacheserver.operations;

import org.jspecify.annotations.NullMarked;
