package io.gocacheserver.endtoend;

import java.time.Duration;

/**
 * How a Go command ended, well or not.
 *
 * @param exitCode its exit code
 * @param printed what it printed
 * @param took wall-clock time from start to end
 */
public record GoOutcome(int exitCode, GoResult printed, Duration took) {}
