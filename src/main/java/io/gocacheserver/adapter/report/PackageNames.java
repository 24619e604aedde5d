package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.UsedRecord.Use;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The packages of actions, as far as builds of this process have named them. An action's package never changes, so a build that
 * uses known ones alone costs nothing. Thread-safe; one build is named at a time.
 *
 * <p>{@code go list -export} names them. A package's build ID begins with its action's: 15 bytes of it in base64url, a slash and
 * its content's ID ({@code cmd/go/internal/work/buildid.go}). The command reads the cache directory alone, where after a build all
 * is that it would compile; what sources that have changed since would need is bounded by a time at the lowest priority.
 */
public final class PackageNames {

    /** More than a large module has: at most some 30 MB. */
    private static final int MOST = 20_000;

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ID_BYTES = 15;
    private static final String FIELD = "\u001f";
    private static final String PART = "\u001e";
    private static final int FIELDS = 9;

    private static final String TEMPLATE =
            ("{{.BuildID}}|{{.ImportPath}}|{{.Name}}|{{.Standard}}|{{len .CgoFiles}}|{{.Dir}}|"
                            + lists("Imports")
                            + '|'
                            + lists(
                                    "GoFiles",
                                    "CgoFiles",
                                    "CFiles",
                                    "CXXFiles",
                                    "MFiles",
                                    "HFiles",
                                    "FFiles",
                                    "SFiles",
                                    "SwigFiles",
                                    "SwigCXXFiles",
                                    "SysoFiles",
                                    "EmbedFiles")
                            + '|')
                    .replace("|", "{{\"\\x1f\"}}");

    private static final boolean HAS_NICE = new File("/usr/bin/nice").canExecute();

    /** By the first part of the build ID; null for an action that is of no package. In the order of last use. */
    private final Map<String, @Nullable Listed> known = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A package as a build has compiled it.
     *
     * @param content the second part of its build ID
     * @param imports names of other packages
     * @param files names of its sources and embedded files, below its directory
     */
    record Listed(
            String path,
            String content,
            boolean isMain,
            boolean isStandard,
            boolean isCgo,
            String directory,
            List<String> imports,
            List<String> files) {}

    private static String lists(String... fields) {
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            text.append("{{range .").append(field).append("}}{{.}}{{\"\\x1e\"}}{{end}}");
        }
        return text.toString();
    }

    /** The package of an action, or null. */
    synchronized @Nullable Listed of(ActionId action) {
        return known.get(key(action));
    }

    /**
     * Finds the packages of a build's actions, if one is new. Blocks.
     *
     * @param cacheDirectory where the actions are
     */
    public synchronized void learn(List<Use> uses, GoInvocation build, String cacheDirectory) {
        List<String> keys = uses.stream().filter(Use::isThere).map(use -> key(use.action())).toList();
        if (known.keySet().containsAll(keys)) {
            return;
        }
        String answer = list(build, cacheDirectory);
        if (answer != null) {
            known.putAll(parse(answer));
            keys.forEach(key -> known.putIfAbsent(key, null));
        }
        var oldest = known.keySet().iterator();
        while (known.size() > MOST && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    private static @Nullable String list(GoInvocation build, String cacheDirectory) {
        List<String> list = build.listCommand();
        if (list.isEmpty()) {
            return null;
        }
        List<String> command = new ArrayList<>(list);
        command.addAll(command.indexOf("--"), List.of("-f", TEMPLATE));
        if (HAS_NICE) {
            command.addAll(0, List.of("/usr/bin/nice", "-n", "19"));
        }
        return build.answer(command, cacheDirectory, LIMIT);
    }

    private static Map<String, Listed> parse(String text) {
        Map<String, Listed> packages = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] fields = line.split(FIELD, -1);
            int slash = fields[0].indexOf('/');
            if (fields.length < FIELDS || slash < 0) {
                continue;
            }
            packages.put(
                    fields[0].substring(0, slash),
                    new Listed(
                            fields[1],
                            fields[0].substring(slash + 1),
                            fields[2].equals("main"),
                            fields[3].equals("true"),
                            !fields[4].equals("0"),
                            fields[5],
                            parts(fields[6]),
                            parts(fields[7])));
        }
        return packages;
    }

    private static List<String> parts(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(PART));
    }

    private static String key(ActionId action) {
        byte[] id = action.bytes();
        return Base64.getUrlEncoder()
                .encodeToString(Arrays.copyOf(id, Math.min(ID_BYTES, id.length)));
    }
}
