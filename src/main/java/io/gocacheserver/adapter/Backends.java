package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One {@link Backend} for all sessions that have the same service, token and settings. A few stay open when their sessions
 * are over, for the next ones.
 */
final class Backends {

    private static final int KEPT_OPEN = 8;

    private final String version;

    /** In the order of last use. */
    private final Map<Options, Shared> open = new LinkedHashMap<>();

    Backends(String version) {
        this.version = version;
    }

    /** To be given back with {@link #release}. */
    synchronized Backend acquire(Options options) {
        Options key = options.shared();
        Shared shared = open.remove(key);
        if (shared == null) {
            shared = new Shared(new Backend(options, version));
            shared.backend.connectAhead();
        }
        shared.users++;
        open.put(key, shared);
        return shared.backend;
    }

    synchronized void release(Options options) {
        Shared shared = open.get(options.shared());
        if (shared != null) {
            shared.users--;
        }
        Iterator<Shared> oldest = open.values().iterator();
        while (open.size() > KEPT_OPEN && oldest.hasNext()) {
            Shared candidate = oldest.next();
            if (candidate.users == 0) {
                oldest.remove();
                candidate.backend.close();
            }
        }
    }

    private static final class Shared {

        final Backend backend;
        int users;

        Shared(Backend backend) {
            this.backend = backend;
        }
    }
}
