package io.gocacheserver.disk.index;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Spares most misses the index: an {@link ActionFilter} over all of its actions, filled by a scan in the background. Until it
 * is ready every Get asks the index. Never wrong about an absent action: an addition is noted after its commit, so a scan that
 * began before need not see it. When there are many more actions than at the start, it errs more often.
 */
final class KnownActions implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KnownActions.class);
    private static final long MIN_CAPACITY = 2_000_000; // which takes 4 MB

    private final Scan scan;
    private volatile @Nullable ActionFilter filter;
    private volatile boolean complete;
    private volatile boolean closed;
    private @Nullable Thread filler;

    interface Scan {
        /**
         * @param wanted asked before each action whether to go on
         */
        void forEach(Consumer<ActionKey> action, BooleanSupplier wanted) throws SQLException;
    }

    KnownActions(Scan scan) {
        this.scan = scan;
    }

    /** Begins to fill the filter for an index that has so many actions now. */
    void fill(long actions) {
        ActionFilter filling = ActionFilter.forActions(Math.max(MIN_CAPACITY, 2 * actions));
        filter = filling;
        filler = Thread.ofPlatform().name("action-filter").daemon().start(() -> run(filling));
    }

    boolean lack(ActionKey action) {
        ActionFilter known = filter;
        return complete && known != null && !known.mayContain(action.action(), salt(action));
    }

    /** Notes an action, after its commit and before the caller learns of that. */
    void add(ActionKey action) {
        ActionFilter known = filter;
        if (known != null) {
            known.add(action.action(), salt(action));
        }
    }

    @Override
    public void close() {
        closed = true;
        if (filler != null) {
            try {
                filler.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The same action in another namespace is another one. */
    private static long salt(ActionKey action) {
        return action.namespace().isGlobal() ? 0 : action.namespace().hashCode() + 1L;
    }

    private void run(ActionFilter filling) {
        try {
            scan.forEach(action -> filling.add(action.action(), salt(action)), () -> !closed);
            complete = !closed;
        } catch (SQLException e) {
            log.warn("[disk] misses stay slower: the index cannot be scanned: {}", e.getMessage());
        }
    }
}
