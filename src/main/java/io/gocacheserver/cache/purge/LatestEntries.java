package io.gocacheserver.cache.purge;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The latest of any number of entries, each action once. It never holds more than twice as many as are wanted. */
final class LatestEntries {

    private final int max;
    private final Map<ActionKey, Entry> entries = new HashMap<>();

    LatestEntries(int max) {
        this.max = max;
    }

    /** Of two entries of one action the first one counts. */
    void add(Entry entry) {
        entries.putIfAbsent(entry.key(), entry);
        if (entries.size() >= 2L * max) {
            List<Entry> latest = newestFirst();
            entries.clear();
            latest.forEach(each -> entries.put(each.key(), each));
        }
    }

    List<Entry> newestFirst() {
        return entries.values().stream()
                .sorted(Comparator.comparing(Entry::time).reversed())
                .limit(max)
                .toList();
    }
}
