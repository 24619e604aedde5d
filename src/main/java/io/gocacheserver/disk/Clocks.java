package io.gocacheserver.disk;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The sources of time. */
record Clocks(InstantSource wall, LongSupplier nanoTime) {}
