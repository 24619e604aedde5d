package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.TestResult;
import io.gocacheserver.adapter.report.PackageNames.Listed;
import io.gocacheserver.adapter.session.UsedRecord.Use;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The packages of one build for the service, {@code POST /builds/<id>/packages}: an array for each action that is known to
 * be a package's, or a test's. What is neither, such as links and {@code go vet}, is left out.
 */
public final class NamedBuild {

    private static final long MOST_SOURCE_BYTES = 64L << 20;
    private static final int HASH_BYTES = 12;
    private static final int MOST_LOG_BYTES = 256 * 1024;

    private final String moduleCache;
    private final Map<Use, Listed> compiled = new LinkedHashMap<>();
    private final Map<Use, String> tests =
            new LinkedHashMap<>(); // their packages, as TestResult tells them
    private final Map<String, Integer> places = new HashMap<>(); // in the list of packages, by path

    /** Lists of what tests read, by their package, as far as it is certain. */
    private final Map<String, Use> lists = new HashMap<>();

    private final Map<Use, String> logs = new HashMap<>(); // files of these lists
    private final StringBuilder text = new StringBuilder();
    private long sourceBytesLeft = MOST_SOURCE_BYTES;

    /** {@code names} have learned of this build; its actions are on {@code disk}. */
    public NamedBuild(PackageNames names, NativeCache disk, String moduleCache, List<Use> uses) {
        this.moduleCache = moduleCache;
        for (Use use : uses.subList(0, Math.min(uses.size(), PackageCodes.MAX_PACKAGES))) {
            Listed listed = names.of(use.action());
            if (listed != null) {
                places.put(listed.path(), compiled.size());
                compiled.put(use, listed);
            } else if (use.isThere()) {
                CachedObject object = disk.getToSend(use.action());
                String test = object == null ? null : TestResult.of(object.path());
                if (object != null && test != null && !test.equals(TestResult.PROFILE)) {
                    tests.put(use, test);
                    logs.put(use, object.path());
                }
            }
        }
    }

    /** The request's body; null if nothing is known of the build, or too much for a request. */
    public byte @Nullable [] json() {
        if (compiled.isEmpty()) {
            return null;
        }
        findLists();
        compiled.forEach(this::addPackage);
        tests.forEach(this::addTest);
        byte[] body = ("{\"packages\":[" + text + "]}").getBytes(StandardCharsets.UTF_8);
        return body.length <= PackageCodes.MAX_BYTES ? body : null;
    }

    /**
     * A test's list is put right before its output, so that the output names the list if no other test was kept at the same
     * time.
     */
    private void findLists() {
        List<Use> waiting = new ArrayList<>();
        List<Use> order = new ArrayList<>(tests.keySet());
        order.sort(Comparator.comparingInt(Use::put));
        for (Use use : order) {
            String path = tests.getOrDefault(use, "");
            if (use.put() > 0 && path.isEmpty()) {
                waiting.add(use);
            } else if (use.put() > 0) {
                if (waiting.size() == 1) {
                    lists.put(path, waiting.getFirst());
                }
                waiting.clear();
            }
        }
    }

    private void addPackage(Use use, Listed listed) {
        boolean isOwn =
                !listed.isStandard()
                        && (moduleCache.isEmpty() || !listed.directory().startsWith(moduleCache));
        int flags =
                (listed.isMain() ? PackageCodes.MAIN : 0)
                        | (listed.isCgo() ? PackageCodes.CGO : 0)
                        | (listed.isStandard() ? PackageCodes.STANDARD : 0)
                        | (isOwn ? PackageCodes.OWN : 0);
        String sources = isOwn ? hashOfSources(listed) : null;
        List<String> imports = listed.imports();
        add(listed.path(), "compile", use, listed.content(), sources, imports, flags, null);
    }

    private void addTest(Use use, String path) {
        if (path.isEmpty()) {
            String of = "";
            for (Map.Entry<String, Use> list : lists.entrySet()) {
                of = list.getValue().equals(use) ? list.getKey() : of;
            }
            add(of, "test-inputs", use, null, null, List.of(), 0, null);
            return;
        }
        Use list = lists.get(path);
        boolean known = list != null && list.isHit();
        String note = known ? newest(logs.getOrDefault(list, ""), directory(path)) : null;
        int flags = known ? PackageCodes.INPUTS_KNOWN : 0;
        List<String> parts = List.of(path + ".test", path, path + " [" + path + ".test]");
        add(path, "test", use, null, null, parts, flags, note);
    }

    private String directory(String path) {
        return compiled.values().stream()
                .filter(each -> each.path().equals(path) || each.path().startsWith(path + " ["))
                .map(Listed::directory)
                .findFirst()
                .orElse("");
    }

    private void add(
            String name,
            String kind,
            Use use,
            @Nullable String content,
            @Nullable String sources,
            List<String> dependencies,
            int flags,
            @Nullable String note) {
        text.append(text.isEmpty() ? "[" : ",[").append(JsonText.quote(name)).append(",\"");
        text.append(kind).append("\",\"").append(use.action().hex()).append("\",");
        text.append(outcome(use)).append(',').append(use.put() > 0).append(',');
        text.append(JsonText.quote(content)).append(',').append(JsonText.quote(sources));
        List<Integer> found =
                dependencies.stream().map(places::get).filter(Objects::nonNull).toList();
        text.append(',').append(found.toString().replace(" ", "")).append(',').append(flags);
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

    /** A short hash of names and contents of a package's own files; null if they cannot be read, or are too large. */
    private @Nullable String hashOfSources(Listed listed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : listed.files()) {
                File file = new File(listed.directory(), name);
                sourceBytesLeft -= file.length();
                if (sourceBytesLeft < 0 || new File(name).isAbsolute()) {
                    return null;
                }
                digest.update(
                        (name + '\0' + file.length() + '\0').getBytes(StandardCharsets.UTF_8));
                try (InputStream in = new DigestInputStream(new FileInputStream(file), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return Base64.getUrlEncoder()
                    .encodeToString(Arrays.copyOf(digest.digest(), HASH_BYTES));
        } catch (IOException | NoSuchAlgorithmException e) {
            return null;
        }
    }

    /** The file that changed last of those that a test has read, by its log, and how many there are; null for none. */
    static @Nullable String newest(String log, String directory) {
        String lines;
        try (InputStream file = new FileInputStream(log)) {
            lines = new String(file.readNBytes(MOST_LOG_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
        String current = directory;
        String newest = null;
        long time = 0;
        int files = 0;
        for (String line : lines.lines().toList()) {
            String name = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("chdir ")) {
                current = name;
            } else if (line.startsWith("open ") || line.startsWith("stat ")) {
                File file = new File(name).isAbsolute() ? new File(name) : new File(current, name);
                files += file.isFile() ? 1 : 0;
                if (file.isFile() && file.lastModified() > time) {
                    time = file.lastModified();
                    newest = name;
                }
            }
        }
        return newest == null ? null : "of " + files + " files the one changed last is " + newest;
    }
}
