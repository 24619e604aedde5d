package io.gocacheserver.disk.index;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.gocacheserver.model.ActionKey;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The rows of the index that are used most, small objects included, in a bounded amount of memory. Never stale: a load and a
 * removal of the same key exclude each other, and the index's writer calls {@link #forget} after each commit.
 */
final class HotRows {

    /** Rough size of a row's objects on the heap, beside its data. */
    private static final int ROW_OVERHEAD_BYTES = 500;

    private final Cache<ActionKey, IndexedAction> rows;

    interface Loader {
        Optional<IndexedAction> load(ActionKey action) throws SQLException;
    }

    /**
     * @param maximumBytes of memory, roughly
     */
    HotRows(long maximumBytes) {
        rows =
                Caffeine.newBuilder()
                        .maximumWeight(maximumBytes)
                        .weigher(HotRows::weight)
                        .executor(Runnable::run)
                        .build();
    }

    @SuppressWarnings(
            "NullAway") // a loader may return null, which Caffeine hands on and does not keep
    Optional<IndexedAction> get(ActionKey action, Loader loader) throws SQLException {
        try {
            return Optional.ofNullable(rows.get(action, key -> load(key, loader)));
        } catch (CompletionException e) {
            throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e);
        }
    }

    private static @Nullable IndexedAction load(ActionKey action, Loader loader) {
        try {
            return loader.load(action).orElse(null);
        } catch (SQLException e) {
            throw new CompletionException(e); // which carries it through Caffeine
        }
    }

    private static int weight(ActionKey action, IndexedAction row) {
        byte[] data = row.object().data();
        return ROW_OVERHEAD_BYTES + (data == null ? 0 : data.length);
    }

    void forget(ActionKey action) {
        rows.invalidate(action);
    }

    void forgetAll() {
        rows.invalidateAll();
    }
}
