package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a build's profile (DESIGN section 8). The first of these that is known is the profile to fetch by:
 *
 * <ol>
 *   <li>this very command on this branch
 *   <li>on the branch that a merge request is for
 *   <li>on the default branch
 *   <li>on any branch
 *   <li>any command of this name and these flags, of any packages and branch
 *   <li>any command on this module or workspace
 *   <li>any command on it in any directory, unless that is the same
 *   <li>any command on any module ({@link #anyModule}): the standard library, and what modules have in common
 * </ol>
 *
 * <p>A build is noted under the first and under those from the fourth on, so that a part of a build profits from the
 * whole, a new branch from all others, and a new module from other modules. All of them hold what makes every object another
 * one: Go version, platform, environment, flags like {@code -race}; those before the seventh, without {@code -trimpath}, also
 * the directory of the sources.
 *
 * <p>A key reads {@code <module>:<Go version>:<platform>:<command>:<branch>:<hash>}. The hash alone tells keys apart, the
 * rest is for people. It has at most 230 characters, of {@code A-Z a-z 0-9 . _ ~ / : @ -}.
 *
 * @param read those to look for, the best first; empty if nothing is known of the build
 * @param write those to note it under; empty if nothing is known of the build
 * @param anyModule the last of both, of which only the beginning is kept and sent; null if the Go version is not known
 */
record ProfileKeys(List<ProfileKey> read, List<ProfileKey> write, @Nullable ProfileKey anyModule) {

    private static final String ANY = "any";

    /** Commands that compile nothing. */
    private static final Set<String> NO_BUILDS =
            Set.of("env", "version", "clean", "fmt", "doc", "help", "telemetry");

    /** The kind of build that a profile is of; the text is for people, its hash tells kinds apart. */
    record ProfileKey(String text) {

        /** The name under which the tiers have the profile: the namespace, unless it is global, and the SHA-256 of the text. */
        String name(Namespace namespace) {
            byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
            String hash = HexFormat.of().formatHex(digest);
            return namespace.isGlobal() ? hash : namespace.name() + '/' + hash;
        }
    }

    static ProfileKeys of(BuildFacts build) {
        GoCommand command = GoCommand.of(build.command(), build.variable("GOFLAGS"));
        boolean isNamed = !build.module().isEmpty();
        boolean isKnown = isNamed || !build.profile().isEmpty() || !build.command().isEmpty();
        if (!isKnown || NO_BUILDS.contains(command.name())) {
            return new ProfileKeys(List.of(), List.of(), null);
        }
        String root = build.root().isEmpty() ? build.directory() : build.root();
        String place = place(build, command, root);
        List<ProfileKey> read = new ArrayList<>();
        List<ProfileKey> write = new ArrayList<>();

        Builder exact = new Builder(build, build.module(), command, place);
        exact.add("command", command.name(), build.profile(), below(build));
        exact.addFlags(command.forSome());
        exact.add(command.packages().toArray(String[]::new));
        exact.onBranches(Branches.of(build), command.name(), read, write);
        exact.onAnyBranch(command.name(), read, write);

        Builder similar = new Builder(build, build.module(), command, place);
        similar.add("similar", command.name(), build.profile());
        similar.addFlags(command.forSome());
        similar.onAnyBranch(command.name() + "-" + ANY, read, write);

        if (isNamed) {
            new Builder(build, build.module(), command, place).onAnyBranch(ANY, read, write);
            if (!place.isEmpty()) {
                new Builder(build, build.module(), command, "").onAnyBranch(ANY, read, write);
            }
        }
        if (build.variable("GOVERSION").isEmpty()) {
            return new ProfileKeys(read, write, null);
        }
        Builder toolchain = new Builder(build, ANY, command, "");
        toolchain.add("any module");
        toolchain.onAnyBranch(ANY, read, write);
        return new ProfileKeys(read, write, read.getLast());
    }

    /** The directory, if the compiler writes file names into objects, which then fit no other directory; else empty. */
    private static String place(BuildFacts build, GoCommand command, String root) {
        if (command.isTrimmed()) {
            return "";
        }
        String place = root + ':' + build.variable("GOMODCACHE");
        boolean isWindows = root.indexOf('\\') >= 0;
        return isWindows ? place.toLowerCase(Locale.ROOT) : place;
    }

    /** The working directory below the module's. */
    private static String below(BuildFacts build) {
        String root = build.root();
        return root.isEmpty() || !build.directory().startsWith(root)
                ? ""
                : build.directory().substring(root.length()).replace('\\', '/');
    }

    private static final class Builder {

        private static final int MODULE_LENGTH = 80;
        private static final int VERSION_LENGTH = 24;
        private static final int PLATFORM_LENGTH = 20;
        private static final int COMMAND_LENGTH = 30;
        private static final int BRANCH_LENGTH = 50;
        private static final int HASH_BYTES = 8;

        /** Texts, each with an end that none has. */
        private final StringBuilder common = new StringBuilder();

        private final String head;

        Builder(BuildFacts build, String module, GoCommand command, String place) {
            StringBuilder text = new StringBuilder();
            append(text, module.isEmpty() ? "no-module" : module, MODULE_LENGTH);
            append(text, build.variable("GOVERSION"), VERSION_LENGTH);
            append(text, build.variable("GOOS") + '-' + build.variable("GOARCH"), PLATFORM_LENGTH);
            this.head = text.toString();
            add(module);
            BuildSettings.variables(build).forEach(this::add);
            addFlags(command.forAll());
            add(place);
        }

        void add(String... texts) {
            for (String text : texts) {
                common.append(text).append('\0');
            }
        }

        void addFlags(Map<String, String> flags) {
            flags.forEach(this::add);
            add("");
        }

        void onBranches(
                Branches branches, String command, List<ProfileKey> read, List<ProfileKey> write) {
            if (!branches.branch().isEmpty()) {
                ProfileKey onThis = key(command, branches.repository(), branches.branch());
                read.add(onThis);
                write.add(onThis);
            }
            for (String branch : List.of(branches.target(), branches.defaultBranch())) {
                ProfileKey key = key(command, branches.repository(), branch);
                if (!branch.isEmpty() && !read.contains(key)) {
                    read.add(key);
                }
            }
        }

        void onAnyBranch(String command, List<ProfileKey> read, List<ProfileKey> write) {
            ProfileKey key = key(command, "", "");
            read.add(key);
            write.add(key);
        }

        /** A key; of any branch with the empty text. */
        private ProfileKey key(String command, String repository, String branch) {
            StringBuilder text = new StringBuilder(head);
            append(text, command, COMMAND_LENGTH);
            append(text, branch.isEmpty() ? ANY : branch, BRANCH_LENGTH);
            byte[] all = (common + repository + '\0' + branch).getBytes(StandardCharsets.UTF_8);
            byte[] hash = Digests.sha256().digest(all);
            return new ProfileKey(text + HexFormat.of().formatHex(hash, 0, HASH_BYTES));
        }

        private static void append(StringBuilder text, String part, int length) {
            String cut = part.substring(0, Math.min(part.length(), length));
            text.append(cut.replaceAll("[^a-zA-Z0-9./_~@-]", "_")).append(':');
        }
    }
}
