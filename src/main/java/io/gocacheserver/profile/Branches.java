package io.gocacheserver.profile;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * The repository, and the branches that are likely to have built nearly the same: from the variables of the CI service, else
 * from the checkout. Each is the empty text if it is not known.
 *
 * @param repository like {@code owner/name}, in lower case
 * @param branch the one that is built; of a merge request the one to be merged
 * @param target the one that a merge request is for
 * @param defaultBranch the repository's
 */
record Branches(String repository, String branch, String target, String defaultBranch) {

    /** Before the names of branches that GitHub makes to try what is queued for merging: {@code …/main/pr-7-<commit>}. */
    private static final String MERGE_QUEUE = "gh-readonly-queue/";

    static Branches of(BuildFacts build) {
        Branches ci = ofService(build);
        String checkout = repositoryName(build.origin());
        if (ci == null) {
            return new Branches(checkout, build.branch(), "", build.defaultBranch());
        }
        return new Branches(
                ci.repository.isEmpty() ? checkout : ci.repository,
                ci.branch,
                ci.target,
                ci.defaultBranch.isEmpty() ? build.defaultBranch() : ci.defaultBranch);
    }

    private static @Nullable Branches ofService(BuildFacts build) {
        for (CiVariables service : CiVariables.values()) {
            if (service.isIn(build)) {
                return of(build, service);
            }
        }
        return null;
    }

    private static Branches of(BuildFacts build, CiVariables service) {
        String source = branchName(value(build, service.source));
        String target = "";
        String branch = source;
        if (source.isEmpty()) {
            boolean isTag = !value(build, service.tag).isEmpty();
            branch = isTag ? "" : branchName(value(build, service.branch));
        }
        if (branch.isEmpty() && service == CiVariables.JENKINS) {
            branch = remoteBranch(build);
        }
        if (!source.isEmpty() || !service.target.equals(service.branch)) {
            target = branchName(value(build, service.target));
        }
        if (branch.startsWith(MERGE_QUEUE)) {
            int end = branch.lastIndexOf('/');
            target = branch.substring(Math.min(MERGE_QUEUE.length(), end), end);
            branch = MERGE_QUEUE + target;
        }
        boolean isFork = !source.isEmpty() && branch.equals(target) && isMergeRequest(build);
        return new Branches(
                repositoryName(value(build, service.repository)),
                isFork ? "fork/" + branch : branch,
                target,
                branchName(value(build, service.defaultBranch)));
    }

    /** Drone and Woodpecker name a source and a target for pushes too. */
    private static boolean isMergeRequest(BuildFacts build) {
        String event = build.variable("DRONE_BUILD_EVENT") + build.variable("CI_PIPELINE_EVENT");
        return event.isEmpty() || event.equals("pull_request");
    }

    /** The value of a variable, or of two with a slash between. */
    private static String value(BuildFacts build, String variables) {
        int blank = variables.indexOf(' ');
        if (blank < 0) {
            return variables.isEmpty() ? "" : build.variable(variables);
        }
        return build.variable(variables.substring(0, blank))
                + '/'
                + build.variable(variables.substring(blank + 1));
    }

    /** Jenkins's name for a job without a branch of its own; a job of a tag has another one. */
    private static String remoteBranch(BuildFacts build) {
        String branch = build.variable("GIT_BRANCH");
        return branch.startsWith("origin/") ? branch.substring("origin/".length()) : "";
    }

    private static String branchName(String ref) {
        if (ref.startsWith("refs/heads/")) {
            return ref.substring("refs/heads/".length());
        }
        return ref.startsWith("refs/") ? "" : ref;
    }

    /** {@code owner/name} of {@code https://host/owner/name.git} and {@code git@host:owner/name}, so that all mean the same. */
    static String repositoryName(String urlOrPath) {
        String name = urlOrPath;
        int scheme = name.indexOf("://");
        if (scheme >= 0) {
            int slash = name.indexOf('/', scheme + 3);
            name = slash < 0 ? "" : name.substring(slash + 1);
        } else {
            int at = name.indexOf('@');
            int colon = name.indexOf(':');
            name = at >= 0 && colon > at ? name.substring(colon + 1) : name;
        }
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == '/') {
            end--;
        }
        name = name.substring(0, end);
        return lowerCase(name.endsWith(".git") ? name.substring(0, end - 4) : name);
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
