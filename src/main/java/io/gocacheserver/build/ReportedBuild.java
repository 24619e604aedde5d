package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * One {@code go} command. All of it but {@code client}, {@code namespace} and {@code savedMillis} is the client's claim, bounded
 * and free of control characters; nothing is decided by it. Gets are answered by the machine's own disk ({@code localHits}), by
 * the service, or by neither.
 *
 * @param id grows with each report; 0 before the build is kept
 * @param received when it ended, by this service's clock
 * @param module the main module's path, or another name of the project
 * @param command {@code go build}, {@code go test} and the like, without arguments
 * @param client name of the token or its subject; null where everyone may report
 * @param namespace that the build could write, else the first that it could read
 * @param ending {@code closed}, {@code gone} or {@code broken}
 * @param waitMillis in which a Get waited for the service
 * @param executed actions that missed and were put afterwards
 * @param executionMillis time from the miss to the put, summed over these
 * @param bytesFetched bytes of the objects that the service sent
 * @param bytesTransferred the same as they were sent, perhaps compressed
 * @param unsent objects that the service did not get
 * @param serviceFailures requests to the service that failed
 * @param failure the last of these
 * @param prefetched objects fetched before the Go command asked for them; null if that was not tried
 * @param trace W3C's {@code traceparent} of its requests
 * @param savedMillis an estimate of the work that its hits have spared it
 */
public record ReportedBuild(
        long id,
        Instant received,
        @Nullable String module,
        @Nullable String command,
        @Nullable String goVersion,
        @Nullable String platform,
        @Nullable String repository,
        @Nullable String branch,
        @Nullable String job,
        @Nullable String client,
        String namespace,
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
        @Nullable String failure,
        @Nullable Long prefetched,
        @Nullable Long prefetchUsed,
        @Nullable String trace,
        long savedMillis) {

    /** Whether the service failed it, or did not get what it made. */
    @JsonProperty
    public boolean suffered() {
        return serviceFailures > 0 || unsent > 0 || failure != null;
    }

    ReportedBuild with(long number, long saved) {
        ObjectNode fields = JsonMapper.shared().valueToTree(this);
        fields.put("id", number).put("savedMillis", saved);
        return JsonMapper.shared().treeToValue(fields, ReportedBuild.class);
    }
}
