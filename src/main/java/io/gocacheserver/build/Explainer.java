package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.wire.BuildVariables;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Why packages of a build missed. A package that missed though all that it imports hit is a root; any other that missed follows
 * from roots. For a root the earlier builds are looked through:
 *
 * <ol>
 *   <li>the same action was used before: the service has lost it, or never got it
 *   <li>the package was never used before
 *   <li>it was used with other settings only
 *   <li>it was used with the same settings: then it is what it imports, or its own sources
 * </ol>
 *
 * Where the records do not settle it, the reason is {@link MissReason#NOT_KNOWN}.
 */
final class Explainer {

    /** Earlier actions of a package, and builds of the module, that are looked at. */
    private static final int EARLIER = 20;

    private static final int BUILDS = 50;
    private static final int MOST_ROOTS = 100;

    private static final Reason REBUILT =
            new Reason(MissReason.NOT_CACHEABLE, "-a compiles everything again");
    private static final Reason WITHOUT_RESULT =
            new Reason(
                    MissReason.NOT_CACHEABLE,
                    "it ran, and Go kept no result: it does not of a test that fails, or that reads files younger than two seconds");
    private static final Reason NOT_KNOWN =
            new Reason(MissReason.NOT_KNOWN, "the records do not say");

    private final PackageTable table;
    private final List<PackageUse> uses;
    private final @Nullable BuildSettings settings;
    private final ReportedBuild build;
    private @Nullable List<PackageTable.Past> recent;
    private final Map<Long, PackageTable.@Nullable Past> pasts = new HashMap<>();
    private final Map<Long, Map<String, @Nullable String>> contents = new HashMap<>();
    private final List<List<Integer>> importers = new ArrayList<>();
    private final BitSet missed = new BitSet();
    private final Map<Integer, Integer> followers = new HashMap<>();

    /** A package that missed for a reason of its own, and how many missed since it did. */
    record Root(
            @JsonProperty("package") String name,
            String kind,
            MissReason reason,
            String detail,
            int followers) {

        Root(String name, String kind, Reason why, int followers) {
            this(name, kind, why.reason(), why.detail(), followers);
        }
    }

    record Reason(MissReason reason, String detail) {}

    /** An earlier action of a package, and how its settings differ from those of the build. */
    private record Earlier(
            PackageTable.Row row, PackageTable.Past build, List<String> differences) {}

    /** The table is that before this build is entered into it; its packages may be named after those of later builds; settings may be unknown. */
    Explainer(
            PackageTable table,
            List<PackageUse> uses,
            ReportedBuild build,
            @Nullable BuildSettings settings) {
        this.build = build;
        this.table = table;
        this.uses = uses;
        this.settings = settings;
        uses.forEach(_ -> importers.add(new ArrayList<>()));
        for (int i = 0; i < uses.size(); i++) {
            if (uses.get(i).missed() && !uses.get(i).kind().equals(PackageUse.TEST_INPUTS)) {
                missed.set(i);
            }
        }
        for (int i = 0; i < uses.size(); i++) {
            for (int cause : causes(i)) {
                importers.get(cause).add(i);
            }
        }
    }

    /** The packages whose misses make this one miss: its imports, and of a test all that are linked, since one of them may change without its importers. */
    private int[] causes(int index) {
        PackageUse use = uses.get(index);
        if (!use.kind().equals(PackageUse.TEST)) {
            return use.deps();
        }
        return reach(index, i -> Arrays.stream(uses.get(i).deps())).stream().toArray();
    }

    private static BitSet reach(int from, IntFunction<IntStream> steps) {
        BitSet reached = new BitSet();
        Deque<Integer> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            for (int each : steps.apply(next.remove()).toArray()) {
                if (!reached.get(each)) {
                    reached.set(each);
                    next.add(each);
                }
            }
        }
        return reached;
    }

    BitSet missed() {
        return missed;
    }

    /** The roots, those with the most followers first. */
    List<Root> roots() {
        List<Root> roots = new ArrayList<>();
        addTestsThatGoDoesNotCache(roots);
        for (String test : testsWithoutResult()) {
            roots.add(new Root(test, PackageUse.TEST, WITHOUT_RESULT, 0));
        }
        List<Integer> causes =
                missed.stream()
                        .filter(this::isRoot)
                        .boxed()
                        .sorted(Comparator.comparingInt((Integer i) -> -followers(i)))
                        .limit(MOST_ROOTS)
                        .toList();
        Set<String> named = new HashSet<>();
        for (int cause : causes) {
            PackageUse use = uses.get(cause);
            if (!named.add(use.kind() + ' ' + use.name())) {
                continue; // a test has two actions: by what it is linked of, and by the program
            }
            roots.add(new Root(use.name(), use.kind(), why(use), followers(cause)));
        }
        return roots;
    }

    /** Whether nothing that it imports missed. */
    boolean isRoot(int index) {
        return Arrays.stream(causes(index)).noneMatch(missed::get);
    }

    private int followers(int root) {
        return followers.computeIfAbsent(
                root,
                index ->
                        reach(
                                        index,
                                        i ->
                                                importers.get(i).stream()
                                                        .mapToInt(each -> each)
                                                        .filter(missed::get))
                                .cardinality());
    }

    private void addTestsThatGoDoesNotCache(List<Root> roots) {
        if (settings == null) {
            return;
        }
        List<String> flags = new ArrayList<>(settings.notCached());
        if (flags.remove(BuildSettings.ALL)) {
            roots.add(new Root("all packages", PackageUse.COMPILE, REBUILT, missed.cardinality()));
        }
        if (!flags.isEmpty()) {
            String text = String.join(", ", flags);
            Reason why =
                    new Reason(
                            MissReason.NOT_CACHEABLE,
                            "Go caches no results of tests "
                                    + (text.startsWith("without") ? text : "with " + text));
            roots.add(new Root("all tests", PackageUse.TEST, why, 0));
        }
    }

    /** Tests whose inputs were looked up with success, and that have neither an old nor a new result. */
    private Set<String> testsWithoutResult() {
        Set<String> tests = new HashSet<>();
        for (PackageUse use : uses) {
            if (use.kind().equals(PackageUse.TEST_INPUTS)
                    && !use.missed()
                    && !use.name().isEmpty()) {
                tests.add(use.name());
            }
        }
        for (PackageUse use : uses) {
            if (use.kind().equals(PackageUse.TEST)) {
                tests.remove(use.name());
            }
        }
        return tests;
    }

    private Reason why(PackageUse use) {
        if (use.outcome() == PackageCodes.UNANSWERED) {
            return new Reason(
                    MissReason.UNANSWERED,
                    "the service failed, or was not asked since it had failed or was too slow");
        }
        if (settings != null && settings.notCached().contains(BuildSettings.ALL)) {
            return REBUILT;
        }
        PackageTable.Row same = table.byAction(use.action());
        if (same != null && same.build() < build.id()) {
            PackageTable.Past past = past(same.build());
            String when = when(past, same.build());
            Instant started = build.received().minusMillis(build.durationMillis());
            if (past != null && past.received().isAfter(started)) {
                return new Reason(
                        MissReason.NOT_UPLOADED,
                        when + " made it at the same time, and the service had not got it yet");
            }
            return same.held()
                    ? new Reason(
                            MissReason.EVICTED,
                            "the service had it for %s, and has it no more: evicted, or purged"
                                    .formatted(when))
                    : new Reason(
                            MissReason.NOT_UPLOADED,
                            when + " had it, and the service did not get it");
        }
        boolean test = use.kind().equals(PackageUse.TEST);
        if (test && use.is(PackageCodes.INPUTS_KNOWN)) {
            return new Reason(
                    MissReason.INPUTS_CHANGED,
                    "files or variables that the test reads have changed"
                            + (use.note() == null ? "" : ": " + use.note()));
        }
        Earlier closest = closest(use);
        if (closest == null) {
            return table.byName(use.name(), use.kind(), 1).isEmpty()
                    ? new Reason(MissReason.NEVER_SEEN, "no build has reported it before")
                    : NOT_KNOWN;
        }
        String when = when(closest.build(), closest.build().id());
        if (!closest.differences().isEmpty()) {
            return new Reason(
                    MissReason.SETTINGS_DIFFER,
                    String.join("; ", closest.differences()) + " (" + when + ')');
        }
        return test
                ? new Reason(
                        MissReason.NOT_KNOWN,
                        "the test binary, the test's flags or its inputs differ from " + when)
                : sameSettings(use, closest, when);
    }

    private Reason sameSettings(PackageUse use, Earlier earlier, String when) {
        Set<Long> imports = new HashSet<>();
        for (int dep : use.deps()) {
            imports.add(table.name(uses.get(dep).name()));
        }
        if (!imports.equals(earlier.row().deps())) {
            return new Reason(
                    MissReason.SOURCES_CHANGED, "it imports other packages than for " + when);
        }
        Map<String, @Nullable String> before =
                contents.computeIfAbsent(earlier.build().id(), table::contents);
        List<String> changed = new ArrayList<>();
        for (int dep : use.deps()) {
            PackageUse imported = uses.get(dep);
            String old = before.get(imported.name());
            if (old == null || imported.content() == null) {
                return NOT_KNOWN;
            }
            if (!old.equals(imported.content())) {
                changed.add(imported.name());
            }
        }
        if (!changed.isEmpty()) {
            return new Reason(
                    MissReason.DEPENDENCY_CHANGED,
                    "it imports %s, which changed since %s, and hit"
                            .formatted(first(changed), when));
        }
        String sources = earlier.row().sources();
        boolean isMain = use.is(PackageCodes.MAIN);
        if (sources == null || use.sources() == null) {
            return new Reason(
                    MissReason.SOURCES_CHANGED,
                    isMain
                            ? "its sources, embedded files or what Go stamps into programs changed since "
                                    + when
                            : "its sources or embedded files changed since " + when);
        }
        if (!sources.equals(use.sources())) {
            return new Reason(
                    MissReason.SOURCES_CHANGED,
                    "its sources or embedded files changed since " + when);
        }
        return isMain
                ? new Reason(
                        MissReason.SETTINGS_DIFFER,
                        "its sources did not change since %s, but what Go stamps into programs did, such as the commit (-buildvcs) or versions of modules"
                                .formatted(when))
                : NOT_KNOWN;
    }

    private static String first(List<String> names) {
        return names.size() == 1
                ? names.getFirst()
                : names.getFirst() + " and " + (names.size() - 1) + " more";
    }

    /**
     * The earlier action of the package, and of the builds that used it the one whose settings differ least; of several the
     * latest. Null if none is known. That builds with different settings used the same action shows that the difference does
     * not matter.
     */
    private @Nullable Earlier closest(PackageUse use) {
        if (settings == null) {
            return null;
        }
        if (recent == null) {
            recent = table.recent(build.module(), build.id(), BUILDS);
        }
        Earlier closest = null;
        for (PackageTable.Row row : table.byName(use.name(), use.kind(), EARLIER)) {
            List<PackageTable.Past> builds = new ArrayList<>(recent);
            builds.removeIf(each -> !each.used(row));
            PackageTable.Past last = past(row.build());
            if (last != null && last.id() < build.id()) {
                builds.addFirst(last);
            }
            for (PackageTable.Past earlier : builds) {
                if (earlier.settings() == null) {
                    continue;
                }
                List<String> differences = differences(earlier.settings(), settings, use);
                if (closest == null || differences.size() < closest.differences().size()) {
                    closest = new Earlier(row, earlier, differences);
                }
            }
        }
        return closest;
    }

    private PackageTable.@Nullable Past past(long build) {
        if (!pasts.containsKey(build)) {
            pasts.put(build, table.past(build));
        }
        return pasts.get(build);
    }

    private static String when(PackageTable.@Nullable Past past, long build) {
        return past == null
                ? "build " + build
                : "build %d of %s"
                        .formatted(
                                build,
                                past.received().toString().substring(0, 16).replace('T', ' '));
    }

    /** In which settings an earlier build differs from this one, as far as they are part of a package's action: {@code GOAMD64 v3, before v1}. */
    private static List<String> differences(
            BuildSettings before, BuildSettings now, PackageUse use) {
        Set<String> names = new TreeSet<>(before.values().keySet());
        names.addAll(now.values().keySet());
        boolean trimpath =
                before.values().containsKey(BuildSettings.TRIMPATH)
                        != now.values().containsKey(BuildSettings.TRIMPATH);
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String old = before.values().getOrDefault(name, "");
            String value = now.values().getOrDefault(name, "");
            if (!old.equals(value) && isPartOf(name, use, trimpath)) {
                differences.add(name + ' ' + shown(value) + ", before " + shown(old));
            }
        }
        return differences;
    }

    /** Directories never of the standard library; where one build has -trimpath, that says it all. */
    private static boolean isPartOf(String setting, PackageUse use, boolean trimpathDiffers) {
        if (BuildVariables.C.contains(setting)) {
            return use.is(PackageCodes.CGO);
        }
        return switch (setting) {
            case BuildSettings.DIRECTORY -> use.is(PackageCodes.OWN) && !trimpathDiffers;
            case BuildSettings.MODULE_CACHE ->
                    !use.is(PackageCodes.OWN) && !use.is(PackageCodes.STANDARD) && !trimpathDiffers;
            case BuildSettings.VCS -> use.is(PackageCodes.MAIN);
            case "-vet", "-vettool" -> false;
            default -> true;
        };
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not set" : value;
    }
}
