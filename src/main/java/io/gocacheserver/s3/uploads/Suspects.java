package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.tier.Upload;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Uploads whose failure may have been the outage's fault or their own. They come last, the one that failed longest ago
 * first among them, so that each probe is with another one and none can block the queue. Remembers so many; of more, the
 * oldest are suspects no longer.
 */
final class Suspects {

    static final int CAPACITY = 256;

    private final Map<Long, Upload> bySequence = new LinkedHashMap<>();

    synchronized void add(Upload upload) {
        bySequence.remove(upload.sequence());
        bySequence.put(upload.sequence(), upload);
        if (bySequence.size() > CAPACITY) {
            Iterator<Long> oldest = bySequence.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void remove(Upload upload) {
        bySequence.remove(upload.sequence());
    }

    synchronized int size() {
        return bySequence.size();
    }

    /** The same uploads, suspects last. */
    synchronized List<Upload> last(List<Upload> uploads) {
        List<Upload> ordered = new ArrayList<>(uploads);
        ordered.removeIf(upload -> bySequence.containsKey(upload.sequence()));
        for (Long sequence : bySequence.keySet()) {
            uploads.stream().filter(upload -> upload.sequence() == sequence).forEach(ordered::add);
        }
        return ordered;
    }
}
