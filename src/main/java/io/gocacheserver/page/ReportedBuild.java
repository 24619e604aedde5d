package io.gocacheserver.page;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * An adapter's report of one {@code go} command. All of it is the client's claim, bounded and free of control characters;
 * nothing is decided by it.
 *
 * @param received when
 * @param module the main module's path, or another name of the project
 * @param command {@code go build}, {@code go test} and the like, without arguments
 * @param goVersion such as {@code go1.26.3}
 * @param platform such as {@code linux/amd64}
 * @param adapterVersion the adapter's
 * @param ending {@code closed}, {@code gone} or {@code broken}
 * @param durationMillis of the whole command
 * @param waitMillis in which a Get waited for the service
 * @param localHits Gets that the machine's own disk answered
 * @param serviceHits Gets that the service answered
 * @param misses Gets that neither answered
 * @param executed actions that missed and were put afterwards
 * @param executionMillis time from the miss to the put, summed over these
 * @param bytesFetched bytes of the objects that the service sent
 * @param bytesTransferred the same as they were sent, perhaps compressed
 * @param bytesUploaded bytes of the objects that the service took
 * @param uploads objects that the service took
 * @param unsent objects that it did not get
 * @param serviceFailures requests to the service that failed
 * @param prefetched objects fetched before the Go command asked for them; null if that was not tried
 * @param prefetchUsed how many of them it then asked for
 */
record ReportedBuild(
        Instant received,
        @Nullable String module,
        @Nullable String command,
        @Nullable String goVersion,
        @Nullable String platform,
        @Nullable String adapterVersion,
        @Nullable String ending,
        long durationMillis,
        long waitMillis,
        long localHits,
        long serviceHits,
        long misses,
        long executed,
        long executionMillis,
        long bytesFetched,
        long bytesTransferred,
        long bytesUploaded,
        long uploads,
        long unsent,
        long serviceFailures,
        @Nullable Long prefetched,
        @Nullable Long prefetchUsed) {}
