package io.gocacheserver.disk.upkeep;

import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.index.IndexedAction;
import io.gocacheserver.model.ActionKey;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When actions and objects were last used: gathered here, and written to the index now and then. As with relatime, a use is
 * noted only if the one before is some time ago: a 64th of the time for which the least recently used action has been idle,
 * so the order of eviction is right to about 2 %.
 */
public final class AccessTimes {

    private static final int MAX_GATHERED = 100_000;
    private static final long GRAINS_PER_IDLE_TIME = 64;
    private static final Duration MIN_GRAIN = Duration.ofMillis(10);
    private static final Duration MAX_GRAIN = Duration.ofHours(1);
    private static final long NANOS_PER_MICRO = 1000;

    private final Map<ActionKey, Long> actions = new ConcurrentHashMap<>();
    private final Map<Long, Long> objects = new ConcurrentHashMap<>();
    private volatile long grainMicros = MIN_GRAIN.toNanos() / NANOS_PER_MICRO;

    void oldestIdle(Duration idle) {
        long nanos = idle.toNanos() / GRAINS_PER_IDLE_TIME;
        grainMicros = Math.clamp(nanos, MIN_GRAIN.toNanos(), MAX_GRAIN.toNanos()) / NANOS_PER_MICRO;
    }

    /** Notes that an action was used, unless it was a moment ago already. */
    public void used(ActionKey action, IndexedAction row, UseClock clock) {
        long now = clock.next();
        if (now - row.usedMicros().get() >= grainMicros && actions.size() < MAX_GATHERED) {
            row.usedMicros().set(now);
            actions.put(action, now);
        }
    }

    public void used(long object, UseClock clock) {
        if (objects.size() < MAX_GATHERED) {
            objects.put(object, clock.next());
        }
    }

    boolean isEmpty() {
        return actions.isEmpty() && objects.isEmpty();
    }

    void flush(IndexWriter writer, int max) throws SQLException {
        int left = max - flush(actions, writer.uses()::touch, max);
        flush(objects, writer.uses()::touchObject, left);
    }

    private static <K> int flush(Map<K, Long> gathered, Touch<K> touch, int max)
            throws SQLException {
        int count = 0;
        for (Iterator<K> next = gathered.keySet().iterator(); next.hasNext() && count < max; ) {
            K key = next.next();
            Long used = gathered.remove(key);
            if (used != null) {
                touch.apply(key, used);
            }
            count++;
        }
        return count;
    }

    private interface Touch<K> {
        void apply(K key, long used) throws SQLException;
    }
}
