package io.gocacheserver.disk;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The sources of time.
 *
 * @param wall the computer's clock, which may be wrong and may be set
 */
record Clocks(InstantSource wall, LongSupplier nanoTime) {}
