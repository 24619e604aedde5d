package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Spares most misses the index: an {@link ActionFilter} over all of its actions, filled by a scan in the background, and
 * again, twice as large, when there are too many. Until it is ready every Get asks the index. Never wrong about an absent
 * action: an addition is noted after its commit, in the filter in use and in the one being filled.
 */
final class KnownActions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KnownActions.class);
    private static final long MIN_CAPACITY = 100_000;

    private final Scan scan;
    private final AtomicLong room = new AtomicLong();
    private volatile @Nullable ActionFilter current;
    private volatile @Nullable ActionFilter next;
    private volatile @Nullable Thread filler;
    private volatile boolean closed;

    interface Scan {
        void forEach(Consumer<ActionKey> action, BooleanSupplier wanted) throws SQLException;
    }

    KnownActions(Scan scan) {
        this.scan = scan;
    }

    synchronized void fill(long actions) {
        long capacity = Math.max(MIN_CAPACITY, 2 * actions);
        room.set(capacity - actions);
        ActionFilter filter = ActionFilter.forActions(capacity);
        next = filter;
        filler = Thread.ofPlatform().name("action-filter").daemon().start(() -> run(filter));
    }

    boolean lack(ActionKey action) {
        ActionFilter filter = current;
        return filter != null && !filter.mayContain(action.action(), salt(action));
    }

    /** Notes an action, after its commit and before the caller learns of that. */
    void add(ActionKey action, long actions) {
        // In this order: between the two reads the filter being filled may become the current one.
        ActionFilter filling = next;
        if (filling != null) {
            filling.add(action.action(), salt(action));
        }
        ActionFilter filter = current;
        if (filter != null) {
            filter.add(action.action(), salt(action));
        }
        if (room.decrementAndGet() == 0) {
            fill(actions);
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread thread = filler;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The same action in another namespace is another one. */
    private static long salt(ActionKey action) {
        return action.namespace().isGlobal() ? 0 : action.namespace().hashCode() + 1L;
    }

    /** Unless a newer filling has begun, which alone has been told of what was added since. */
    private synchronized void use(ActionFilter filter) {
        if (!closed && next == filter) {
            current = filter;
            next = null;
        }
    }

    private void run(ActionFilter filter) {
        try {
            scan.forEach(action -> filter.add(action.action(), salt(action)), () -> !closed);
            use(filter);
        } catch (SQLException e) {
            log.warn("[disk] misses stay slower: the index cannot be scanned: {}", e.getMessage());
        }
    }
}
