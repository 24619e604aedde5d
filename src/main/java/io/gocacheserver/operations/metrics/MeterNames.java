package io.gocacheserver.operations.metrics;

/** Names of the service's own meters; those of the seed's counters are in {@code CacheCounter}. */
final class MeterNames {

    static final String REQUESTS = "gocache.requests";
    static final String TRAFFIC = "gocache.traffic";
    static final String TRAFFIC_SAVED = "gocache.traffic.saved";

    static final String PROFILE_READS = "gocache.profile.reads";
    static final String PROFILE_WRITES = "gocache.profile.writes";
    static final String PROFILE_PUSHED = "gocache.profile.pushed";
    static final String PROFILE_FAILED = "gocache.profile.failed";
    static final String PROFILE_BYTES = "gocache.profile.size";

    static final String FILTER_ACTIONS = "gocache.filter.actions";
    static final String FILTER_COMPLETE = "gocache.filter.complete";

    static final String DISK_STATE = "gocache.disk.state";
    static final String DISK_ACTIONS = "gocache.disk.actions";
    static final String DISK_OBJECTS = "gocache.disk.objects";
    static final String DISK_BYTES = "gocache.disk.bytes";
    static final String DISK_STORED = "gocache.disk.stored";
    static final String DISK_DIRECTORY = "gocache.disk.directory";
    static final String DISK_LIMIT = "gocache.disk.limit";
    static final String DISK_INDEX = "gocache.disk.index";
    static final String DISK_VOLUME_FREE = "gocache.disk.volume.free";
    static final String DISK_OLDEST_IDLE = "gocache.disk.oldest.idle";
    static final String DISK_EVICTED_ACTIONS = "gocache.disk.evicted.actions";
    static final String DISK_EVICTED_OBJECTS = "gocache.disk.evicted.objects";
    static final String DISK_EVICTED_BYTES = "gocache.disk.evicted.bytes";
    static final String DISK_CORRUPTIONS = "gocache.disk.corruptions";

    static final String SCRUB_RUNNING = "gocache.scrub.running";
    static final String SCRUB_PROGRESS = "gocache.scrub.progress";
    static final String SCRUB_OBJECTS = "gocache.scrub.objects";
    static final String SCRUB_BYTES = "gocache.scrub.bytes";
    static final String SCRUB_COMPLETED_AGE = "gocache.scrub.completed.age";

    static final String UPLOADS_QUEUED = "gocache.uploads.queued";
    static final String UPLOADS_RUNNING = "gocache.uploads.running";
    static final String UPLOADS_OLDEST = "gocache.uploads.oldest";
    static final String UPLOADS_PAUSED = "gocache.uploads.paused";
    static final String UPLOADS_DROPPED = "gocache.uploads.dropped";
    static final String UPLOADS_RESUMED = "gocache.uploads.resumed";
    static final String UPLOADS_RETRIED = "gocache.uploads.retried";
    static final String UPLOADS_GIVEN_UP = "gocache.uploads.given.up";

    private MeterNames() {}
}
