package io.gocacheserver.s3.uploads;

import io.gocacheserver.cache.tier.Upload;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Uploads that failed in an outage, or for a reason of their own: it is not known which. They come last, the one that failed
 * longest ago first among them, so that each probe tries another one and none can block the queue. At most {@value #CAPACITY}
 * are remembered, the latest.
 */
final class FailingUploads {

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

    /** The same uploads, those that failed last. */
    synchronized List<Upload> last(List<Upload> uploads) {
        List<Upload> ordered = new ArrayList<>(uploads);
        ordered.removeIf(upload -> bySequence.containsKey(upload.sequence()));
        for (Long sequence : bySequence.keySet()) {
            uploads.stream().filter(upload -> upload.sequence() == sequence).forEach(ordered::add);
        }
        return ordered;
    }
}
