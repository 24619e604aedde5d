package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The keys of a build's profile (DESIGN section 8). Of those to read, the service answers with the first that it knows:
 *
 * <ol>
 *   <li>this very command on this branch
 *   <li>on the branch that a merge request is for
 *   <li>on the default branch
 *   <li>on any branch
 *   <li>any command of this name and these flags, of any packages and branch
 *   <li>any command on this module or workspace
 *   <li>any command on it in any directory, unless that is the same
 * </ol>
 *
 * <p>A build is noted under the first and under those from the fourth on, so that a part of a build profits from the
 * whole, and a new branch from all others. All of them hold what makes every object another one: Go version, platform,
 * environment, flags like {@code -race}, and without {@code -trimpath} the directory of the sources.
 *
 * <p>A key reads {@code <module>:<Go version>:<platform>:<command>:<branch>:<hash>}. The hash alone tells keys apart, the
 * rest is for people. It has at most 230 characters, of {@code A-Z a-z 0-9 . _ ~ / : @ -}: nothing that would have to be
 * escaped in a URL.
 *
 * @param read those to ask for, the best first; empty if nothing is known of the build
 * @param write those to note it under; empty if nothing is known of the build
 */
public record ProfileKeys(List<String> read, List<String> write) {

    private static final String ANY = "any";

    /**
     * The keys of a build.
     *
     * @param userProfile what the user says to tell builds apart that look the same, or null
     */
    public static ProfileKeys of(GoInvocation invocation, @Nullable String userProfile) {
        GoCommand command = GoCommand.of(invocation.command(), invocation.variable("GOFLAGS"));
        MainModule module = MainModule.of(invocation, command);
        boolean isNamed = !module.name().isEmpty();
        String profile = userProfile == null ? "" : userProfile;
        if (!isNamed && profile.isEmpty() && invocation.command().isEmpty()) {
            return new ProfileKeys(List.of(), List.of());
        }
        String root = module.root().isEmpty() ? invocation.directory() : module.root();
        Branches branches = Branches.of(invocation, root);
        String place = place(invocation, command, root);
        List<String> read = new ArrayList<>();
        List<String> write = new ArrayList<>();

        Builder exact = new Builder(invocation, module, command, place);
        exact.hash.add("command").add(command.name()).add(profile).add(module.place());
        exact.addFlags(command.forSome());
        for (String argument : command.packages()) {
            exact.hash.add(argument);
        }
        exact.onBranches(branches, command.name(), read, write);
        exact.onAnyBranch(command.name(), read, write);

        Builder similar = new Builder(invocation, module, command, place);
        similar.hash.add("similar").add(command.name()).add(profile);
        similar.addFlags(command.forSome());
        similar.onAnyBranch(command.name() + "-" + ANY, read, write);

        if (isNamed) {
            Builder all = new Builder(invocation, module, command, place);
            all.onAnyBranch(ANY, read, write);
            if (!place.isEmpty()) {
                Builder elsewhere = new Builder(invocation, module, command, "");
                elsewhere.onAnyBranch(ANY, read, write);
            }
        }
        return new ProfileKeys(read, write);
    }

    /** The directory, if the compiler writes file names into objects, which then fit no other directory; else empty. */
    private static String place(GoInvocation invocation, GoCommand command, String root) {
        if (command.isTrimmed()) {
            return "";
        }
        String place = root + File.pathSeparatorChar + invocation.variable("GOMODCACHE");
        return File.separatorChar == '\\' ? place.toLowerCase(Locale.ROOT) : place;
    }

    /** Collects what keys of one kind have in common. */
    private static final class Builder {

        private static final int MODULE_LENGTH = 80;
        private static final int VERSION_LENGTH = 24;
        private static final int PLATFORM_LENGTH = 20;
        private static final int COMMAND_LENGTH = 30;
        private static final int BRANCH_LENGTH = 50;

        final KeyHash hash = new KeyHash();
        private final String head;

        Builder(GoInvocation invocation, MainModule module, GoCommand command, String place) {
            StringBuilder text = new StringBuilder();
            append(text, module.name().isEmpty() ? "no-module" : module.name(), MODULE_LENGTH);
            append(text, invocation.variable("GOVERSION"), VERSION_LENGTH);
            append(
                    text,
                    invocation.variable("GOOS") + '-' + invocation.variable("GOARCH"),
                    PLATFORM_LENGTH);
            this.head = text.toString();
            hash.add(module.name());
            BuildEnvironment.addTo(hash, invocation);
            addFlags(command.forAll());
            hash.add(place);
        }

        void addFlags(Map<String, String> flags) {
            for (Map.Entry<String, String> flag : flags.entrySet()) {
                hash.add(flag.getKey()).add(flag.getValue());
            }
            hash.add("");
        }

        void onBranches(Branches branches, String command, List<String> read, List<String> write) {
            if (!branches.branch().isEmpty()) {
                String branchKey = key(command, branches.repository(), branches.branch());
                read.add(branchKey);
                write.add(branchKey);
            }
            addOnce(read, command, branches.repository(), branches.target());
            addOnce(read, command, branches.repository(), branches.defaultBranch());
        }

        private void addOnce(List<String> keys, String command, String repository, String branch) {
            String key = branch.isEmpty() ? "" : key(command, repository, branch);
            if (!key.isEmpty() && !keys.contains(key)) {
                keys.add(key);
            }
        }

        void onAnyBranch(String command, List<String> read, List<String> write) {
            String key = key(command, "", "");
            read.add(key);
            write.add(key);
        }

        /** @param branch the empty text for any */
        private String key(String command, String repository, String branch) {
            StringBuilder text = new StringBuilder(head);
            append(text, command, COMMAND_LENGTH);
            append(text, branch.isEmpty() ? ANY : branch, BRANCH_LENGTH);
            return text.append(hash.copy().add(repository).add(branch).hex()).toString();
        }

        private static void append(StringBuilder text, String part, int length) {
            int end = Math.min(part.length(), length);
            for (int i = 0; i < end; i++) {
                char c = part.charAt(i);
                text.append(isPlain(c) ? c : '_');
            }
            text.append(':');
        }

        private static boolean isPlain(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '/'
                    || c == '-'
                    || c == '_'
                    || c == '~'
                    || c == '@';
        }
    }
}
