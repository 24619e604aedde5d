package io.gocacheserver.adapter.explain;

import io.gocacheserver.adapter.explain.GoList.Listed;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.UsedRecord.Outcome;
import io.gocacheserver.adapter.session.UsedRecord.Use;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The packages of actions, as far as builds of this process have named them. An action's package never changes, so a build that
 * uses known ones alone costs nothing. Thread-safe; one build is named at a time.
 */
public final class PackageNames {

    /** More than a large module has: at most some 30 MB. */
    private static final int MOST = 20_000;

    private static final int ID_BYTES = 15;

    /** By the first part of the build ID; null for an action that is of no package. In the order of last use. */
    private final Map<String, @Nullable Listed> known = new LinkedHashMap<>(16, 0.75f, true);

    /** The package of an action, or null. */
    synchronized @Nullable Listed of(ActionId action) {
        return known.get(key(action));
    }

    /**
     * Finds the packages of a build's actions, if one is new. Blocks.
     *
     * @param cacheDirectory where the actions are
     */
    public synchronized void learn(List<Use> uses, GoInvocation build, String cacheDirectory)
            throws InterruptedException {
        boolean isNew = false;
        for (Use use : uses) {
            isNew |= isSettled(use) && !known.containsKey(key(use.action()));
        }
        Map<String, Listed> listed = isNew ? GoList.ask(build, cacheDirectory) : null;
        if (listed == null) {
            return;
        }
        known.putAll(listed);
        for (Use use : uses) {
            if (isSettled(use)) {
                known.putIfAbsent(key(use.action()), null);
            }
        }
        var oldest = known.keySet().iterator();
        while (known.size() > MOST && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether the cache has it now: of what missed and was not put nothing is known. */
    private static boolean isSettled(Use use) {
        return use.put() > 0 || use.outcome() == Outcome.HIT || use.outcome() == Outcome.LOCAL;
    }

    private static String key(ActionId action) {
        byte[] id = action.bytes();
        return Base64.getUrlEncoder()
                .encodeToString(Arrays.copyOf(id, Math.min(ID_BYTES, id.length)));
    }
}
