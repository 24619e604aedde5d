package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.disk.CachedObject;

/** The outcome of asking the service for an action. */
public sealed interface FetchResult {

    /** The object is on local disk, checked; {@code transferred}: bytes that came for it, perhaps compressed. */
    record Hit(CachedObject object, long transferred) implements FetchResult {

        public Hit(CachedObject object) {
            this(object, object.size());
        }
    }

    /** The object has been fetched ahead, and is on local disk, checked. */
    record Arrived(CachedObject object) implements FetchResult {}

    /** The service does not have it, as it has said before, of this action or by its filter. */
    record KnownMiss() implements FetchResult {}

    record Miss() implements FetchResult {}

    /** The service was not asked, since it has failed too often, refuses, or has cost too much time. */
    record NotAsked() implements FetchResult {}

    /** The service failed: it did not answer, or not with what was asked for. */
    record ServiceFailed(String reason) implements FetchResult {}

    /** The service has it, but the local disk could not take it. */
    record DiskFailed(String reason) implements FetchResult {}
}
