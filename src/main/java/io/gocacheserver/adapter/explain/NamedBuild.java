package io.gocacheserver.adapter.explain;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.explain.GoList.Listed;
import io.gocacheserver.adapter.session.UsedRecord.Outcome;
import io.gocacheserver.adapter.session.UsedRecord.Use;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The packages of one build for the service, {@code POST /builds/<id>/packages}: an array for each action that is known to
 * be a package's, or a test's. What is neither, such as links and {@code go vet}, is left out.
 */
public final class NamedBuild {

    private final PackageNames names;
    private final NativeCache disk;
    private final String moduleCache;
    private final List<Use> uses;
    private final Sources sources = new Sources();
    private final Map<Use, Listed> compiled = new LinkedHashMap<>();
    private final Map<Use, TestObject> tests = new LinkedHashMap<>();

    /** Lists of what tests read, and results, by their package, as far as it is certain. */
    private final Map<Use, String> packages = new HashMap<>();

    /**
     * @param names which have learned of this build
     * @param disk where its actions are
     * @param moduleCache {@code GOMODCACHE}
     */
    public NamedBuild(PackageNames names, NativeCache disk, String moduleCache, List<Use> uses) {
        this.names = names;
        this.disk = disk;
        this.moduleCache = moduleCache;
        this.uses =
                uses.size() <= PackageCodes.MAX_PACKAGES
                        ? uses
                        : uses.subList(0, PackageCodes.MAX_PACKAGES);
    }

    /** The request's body; null if nothing is known of the build, or too much for a request. */
    public byte @Nullable [] json() {
        for (Use use : uses) {
            Listed listed = names.of(use.action());
            if (listed != null) {
                compiled.put(use, listed);
            } else if (use.put() > 0 || use.outcome() != Outcome.MISS) {
                CachedObject object = disk.getToSend(use.action());
                TestObject test = object == null ? null : TestObject.of(object.path());
                if (test != null) {
                    tests.put(use, test);
                }
            }
        }
        if (compiled.isEmpty()) {
            return null;
        }
        nameTests();
        StringBuilder text = new StringBuilder(compiled.size() * 150);
        Map<String, Integer> places = new HashMap<>();
        int place = 0;
        for (Listed listed : compiled.values()) {
            places.put(listed.path(), place++);
        }
        compiled.forEach((use, listed) -> addPackage(text, use, listed, places));
        tests.forEach((use, test) -> addTest(text, use, test, places));
        byte[] body = ("{\"packages\":[" + text + "]}").getBytes(StandardCharsets.UTF_8);
        return body.length <= PackageCodes.MAX_BYTES ? body : null;
    }

    /**
     * A test's list is put right before its output, so that the output names the list if no other test was kept at the same
     * time.
     */
    private void nameTests() {
        List<Use> waiting = new ArrayList<>();
        List<Map.Entry<Use, TestObject>> order = new ArrayList<>(tests.entrySet());
        order.sort(Comparator.comparingInt(entry -> entry.getKey().put()));
        for (Map.Entry<Use, TestObject> entry : order) {
            Use use = entry.getKey();
            String path = entry.getValue().packagePath();
            if (path != null) {
                packages.put(use, path);
            }
            if (use.put() == 0) {
                continue;
            }
            if (path == null) {
                waiting.add(use);
            } else {
                if (waiting.size() == 1) {
                    packages.put(waiting.getFirst(), path);
                }
                waiting.clear();
            }
        }
    }

    private void addPackage(
            StringBuilder text, Use use, Listed listed, Map<String, Integer> places) {
        boolean isOwn =
                !listed.isStandard()
                        && (moduleCache.isEmpty() || !listed.directory().startsWith(moduleCache));
        int flags =
                (listed.isMain() ? PackageCodes.MAIN : 0)
                        | (listed.isCgo() ? PackageCodes.CGO : 0)
                        | (listed.isStandard() ? PackageCodes.STANDARD : 0)
                        | (isOwn ? PackageCodes.OWN : 0);
        add(
                text,
                listed.path(),
                "compile",
                use,
                listed.content(),
                isOwn ? sources.of(listed) : null,
                places(listed.imports(), places),
                flags,
                null);
    }

    private void addTest(
            StringBuilder text, Use use, TestObject test, Map<String, Integer> places) {
        String path = packages.getOrDefault(use, "");
        if (test.packagePath() == null) {
            add(text, path, "test-inputs", use, null, null, List.of(), 0, null);
            return;
        }
        String note = null;
        boolean known = false;
        for (Map.Entry<Use, TestObject> other : tests.entrySet()) {
            boolean isItsList =
                    other.getValue().packagePath() == null
                            && path.equals(packages.get(other.getKey()));
            if (isItsList) {
                known |= isHit(other.getKey());
                note = Sources.newest(other.getValue().inputs().lines().toList(), directory(path));
            }
        }
        List<String> parts = List.of(path + ".test", path, path + " [" + path + ".test]");
        add(
                text,
                path,
                "test",
                use,
                null,
                null,
                places(parts, places),
                known ? PackageCodes.INPUTS_KNOWN : 0,
                known ? note : null);
    }

    private String directory(String path) {
        for (Listed listed : compiled.values()) {
            if (listed.path().equals(path) || listed.path().startsWith(path + " [")) {
                return listed.directory();
            }
        }
        return "";
    }

    private static boolean isHit(Use use) {
        return use.outcome() == Outcome.HIT || use.outcome() == Outcome.LOCAL;
    }

    private static List<Integer> places(List<String> paths, Map<String, Integer> places) {
        List<Integer> found = new ArrayList<>();
        for (String path : paths) {
            Integer place = places.get(path);
            if (place != null) {
                found.add(place);
            }
        }
        return found;
    }

    private static void add(
            StringBuilder text,
            String name,
            String kind,
            Use use,
            @Nullable String content,
            @Nullable String sources,
            List<Integer> deps,
            int flags,
            @Nullable String note) {
        text.append(text.isEmpty() ? "[" : ",[").append(JsonText.quote(name)).append(",\"");
        text.append(kind).append("\",\"").append(use.action().hex()).append("\",");
        text.append(outcome(use)).append(',').append(use.put() > 0).append(',');
        text.append(JsonText.quote(content)).append(',').append(JsonText.quote(sources));
        text.append(',').append(deps.toString().replace(" ", "")).append(',').append(flags);
        text.append(',').append(JsonText.quote(note)).append(']');
    }

    /** As the service counts them. */
    private static int outcome(Use use) {
        return switch (use.outcome()) {
            case HIT -> PackageCodes.SERVICE_HIT;
            case LOCAL -> PackageCodes.LOCAL_HIT;
            case MISS, NONE -> PackageCodes.MISS;
            case UNANSWERED -> PackageCodes.UNANSWERED;
        };
    }
}
