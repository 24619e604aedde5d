package io.gocacheserver.module;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What became of requests for files of modules, since the start.
 *
 * @param offered whether there is an upstream for anything
 * @param bytes that upstreams sent
 * @param refused files that were not what they should be
 * @param refusal the latest of these, and what was wrong with it
 */
public record ModuleReport(
        boolean offered,
        Answers answers,
        long bytes,
        long refused,
        @Nullable String refusal,
        List<Upstream> upstreams) {

    public record Answers(
            long disk, long s3, long upstream, long stale, long absent, long failed) {}

    /**
     * An upstream, and what became of the latest requests to it.
     *
     * @param state {@code unknown}: it was not asked, or it failed and was not asked again for an hour; {@code up}: it answers;
     *     {@code failed}: the latest request failed; {@code down}: three or more in a row did
     * @param failures how many in a row
     * @param failure of the latest
     */
    public record Upstream(String url, String state, long failures, @Nullable String failure) {}
}
