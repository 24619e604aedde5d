package io.gocacheserver.cache;

import java.util.Locale;

/** The eight counters of go-cache-plugin, under the names that its users' dashboards know. */
public enum CacheCounter {
    GET_LOCAL_HIT("Gets answered by the disk tier"),
    GET_FAULT_HIT("Gets answered from S3, and faulted into the disk tier"),
    GET_FAULT_MISS("Gets that no tier could answer"),
    PUT_SKIP_SMALL("Objects not uploaded because they are smaller than min-upload-size"),
    PUT_S3_FOUND("Objects not uploaded because S3 already had them"),
    PUT_S3_ACTION("Action records written to S3"),
    PUT_S3_OBJECT("Objects written to S3"),
    PUT_S3_ERROR("Uploads that failed, of object or action record");

    private final String description;

    CacheCounter(String description) {
        this.description = description;
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String description() {
        return description;
    }
}
