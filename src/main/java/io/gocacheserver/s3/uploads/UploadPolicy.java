package io.gocacheserver.s3.uploads;

import java.time.Duration;

/**
 * The limits of the upload queue.
 *
 * @param concurrency uploads at once
 * @param capacity uploads that may be pending
 * @param maxAttempts failures, outages left out, after which an upload is given up
 * @param maxAge after which an upload that fails is given up
 */
public record UploadPolicy(int concurrency, long capacity, int maxAttempts, Duration maxAge) {}
