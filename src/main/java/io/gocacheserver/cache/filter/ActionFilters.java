package io.gocacheserver.cache.filter;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Filters of the actions that the cache has: of global, and of other namespaces from when they are first asked for. They are
 * complete when their actions have been listed once ({@link FilterUpkeep}), and are then kept so. Bounded: the namespaces
 * that were not asked for the longest are forgotten.
 */
public final class ActionFilters {

    private static final int MAX_NAMESPACES = 256;
    private static final long MAX_BYTES = 16L << 20;

    /** Tells states of this process from those of others. */
    private final String process = Long.toHexString(ThreadLocalRandom.current().nextLong());

    private final InstantSource clock;

    /** In the order in which they were last asked for. */
    private final Map<Namespace, NamespaceFilter> filters = new LinkedHashMap<>();

    private final NamespaceFilter global = new NamespaceFilter(Namespace.GLOBAL);

    public record Answer(List<ActionFilter> filters, String tag) {}

    public ActionFilters(InstantSource clock) {
        this.clock = clock;
    }

    public void add(ActionKey key) {
        NamespaceFilter filter = known(key.namespace());
        if (filter != null) {
            filter.add(key.action());
        }
    }

    /** The filters of these namespaces; null as long as one of them may lack something that the cache has. */
    public @Nullable Answer answer(List<Namespace> namespaces) {
        Instant now = clock.instant();
        List<ActionFilter> found = new ArrayList<>();
        StringBuilder tag = new StringBuilder(process);
        boolean complete = true;
        for (Namespace namespace : namespaces) {
            NamespaceFilter.Sent filter = asked(namespace).toSend(now);
            complete &= filter != null;
            if (filter != null) {
                found.add(filter.filter());
                tag.append('-').append(filter.state());
            }
        }
        return complete ? new Answer(found, tag.toString()) : null;
    }

    public boolean isComplete() {
        return global.isComplete(clock.instant());
    }

    public long actions() {
        return global.actions();
    }

    @Nullable NamespaceFilter due() {
        Instant now = clock.instant();
        for (NamespaceFilter filter : all()) {
            if (filter.isDue(now)) {
                return filter;
            }
        }
        return null;
    }

    synchronized List<NamespaceFilter> all() {
        List<NamespaceFilter> all = new ArrayList<>(filters.values());
        all.addFirst(global);
        return all;
    }

    private synchronized @Nullable NamespaceFilter known(Namespace namespace) {
        return namespace.isGlobal() ? global : filters.get(namespace);
    }

    private synchronized NamespaceFilter asked(Namespace namespace) {
        if (namespace.isGlobal()) {
            return global;
        }
        NamespaceFilter filter = filters.remove(namespace);
        if (filter == null) {
            filter = new NamespaceFilter(namespace);
        }
        filters.put(namespace, filter);
        forgetSome();
        return filter;
    }

    private void forgetSome() {
        long bytes = 0;
        for (NamespaceFilter filter : filters.values()) {
            bytes += filter.size();
        }
        Iterator<NamespaceFilter> oldest = filters.values().iterator();
        while (filters.size() > 1 && (filters.size() > MAX_NAMESPACES || bytes > MAX_BYTES)) {
            bytes -= oldest.next().size();
            oldest.remove();
        }
    }
}
