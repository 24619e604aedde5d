package io.gocacheserver.profile;

import io.gocacheserver.wire.BuildVariables;
import io.gocacheserver.wire.GoFlags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a build decides its actions beside sources, as far as clients tell: variables by their names, flags with their
 * dash, and directories. Also where it ran, for people.
 *
 * @param values each that is set; directories only without {@code -trimpath}, under {@value #DIRECTORY} and {@value
 *     #MODULE_CACHE}
 * @param notCached why the Go command caches no results of tests, or rebuilds all; empty if it does not say so
 * @param repository like {@code owner/name}, or the empty text
 * @param branch or the empty text
 * @param job of the CI service, or the empty text
 */
public record BuildSettings(
        Map<String, String> values,
        List<String> notCached,
        String repository,
        String branch,
        String job) {

    /** The module's directory, which is part of what is compiled of its packages. */
    public static final String DIRECTORY = "directory";

    public static final String MODULE_CACHE = "GOMODCACHE";

    public static final String TRIMPATH = "-trimpath";

    /** The name of the flag that stamps the state of the repository into main packages. */
    public static final String VCS = "-buildvcs";

    public static final String ALL = "-a";

    /** What {@code go env} shows of flags for C compilers that nobody has set; helpers are not told. */
    private static final String CGO_DEFAULT = "-O2 -g";

    /** With any of these the Go command caches no result of a test ({@code cmd/go/internal/test}, 1.26). */
    private static final String NEVER_CACHED =
            " bench benchmem blockprofile blockprofilerate count cpuprofile fuzz fuzzminimizetime fuzztime"
                    + " memprofile memprofilerate mutexprofile mutexprofilefraction shuffle trace testlogfile ";

    public static BuildSettings of(BuildFacts build) {
        GoCommand command = GoCommand.of(build.command(), build.variable("GOFLAGS"));
        Map<String, String> values = new TreeMap<>(variables(build));
        command.forAll().forEach((flag, value) -> values.put('-' + flag, value));
        command.forSome().forEach((flag, value) -> values.put('-' + flag, value));
        if (!command.isTrimmed()) {
            values.put(DIRECTORY, build.root().isEmpty() ? build.directory() : build.root());
            values.put(MODULE_CACHE, build.variable("GOMODCACHE"));
        }
        List<String> words = new ArrayList<>(GoFlags.split(build.variable("GOFLAGS")));
        words.addAll(build.command());
        List<String> notCached = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.startsWith("-") ? GoCommand.flagName(word) : "";
            boolean given = word.indexOf('=') >= 0;
            if (name.equals("buildvcs")) {
                values.put(VCS, given ? word.substring(word.indexOf('=') + 1) : "true");
            } else if (name.equals("a") && !word.endsWith("=false")) {
                notCached.add(ALL);
            } else if (command.name().equals("test") && NEVER_CACHED.contains(' ' + name + ' ')) {
                boolean next = !given && GoFlags.needsValue(name) && i + 1 < words.size();
                notCached.add(next ? word + ' ' + words.get(i + 1) : word);
            }
        }
        if (command.name().equals("test") && command.packages().isEmpty()) {
            notCached.add("without a list of packages, such as ./...");
        }
        Branches branches = Branches.of(build);
        return new BuildSettings(
                values, notCached, branches.repository(), branches.branch(), job(build));
    }

    /** Those that are set and decide what is compiled, in the order in which they are listed. */
    static Map<String, String> variables(BuildFacts build) {
        List<String> names = new ArrayList<>(BuildVariables.PLATFORM);
        if (build.variable("CGO_ENABLED").equals("1")) {
            names.addAll(BuildVariables.C);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            String value = build.variable(name);
            if (!value.isEmpty() && !value.equals(CGO_DEFAULT)) {
                values.put(name, value);
            }
        }
        return values;
    }

    private static String job(BuildFacts build) {
        return BuildVariables.JOB.stream()
                .map(build::variable)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }
}
