package io.gocacheserver.operations;

/** Names of the service's own meters; those of the seed's counters are in {@code CacheCounter}. */
final class MeterNames {

    static final String REQUESTS = "gocache.requests";
    static final String DISK_ACTIONS = "gocache.disk.actions";
    static final String DISK_OBJECTS = "gocache.disk.objects";
    static final String DISK_BYTES = "gocache.disk.bytes";
    static final String UPLOADS_QUEUED = "gocache.uploads.queued";
    static final String UPLOADS_RUNNING = "gocache.uploads.running";
    static final String UPLOADS_DROPPED = "gocache.uploads.dropped";

    private MeterNames() {}
}
