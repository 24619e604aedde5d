package io.gocacheserver.adapter.profile;

import org.jspecify.annotations.Nullable;

import java.io.File;
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

    /** @param root the module's directory, or where the Go command runs */
    static Branches of(GoInvocation invocation, String root) {
        Branches ci = ofService(invocation);
        if (ci != null && !ci.repository.isEmpty() && !ci.defaultBranch.isEmpty()) {
            return ci;
        }
        GitCheckout checkout = root.isEmpty() ? null : GitCheckout.above(new File(root));
        if (checkout == null) {
            return ci == null ? new Branches("", "", "", "") : ci;
        }
        if (ci == null) {
            return new Branches(
                    repositoryName(checkout.origin()),
                    checkout.branch(),
                    "",
                    checkout.defaultBranch());
        }
        return new Branches(
                ci.repository.isEmpty() ? repositoryName(checkout.origin()) : ci.repository,
                ci.branch,
                ci.target,
                ci.defaultBranch.isEmpty() ? checkout.defaultBranch() : ci.defaultBranch);
    }

    private static @Nullable Branches ofService(GoInvocation invocation) {
        for (CiVariables service : CiVariables.values()) {
            if (service.isIn(invocation)) {
                return of(invocation, service);
            }
        }
        return null;
    }

    private static Branches of(GoInvocation invocation, CiVariables service) {
        String source = branchName(value(invocation, service.source));
        String target = "";
        String branch = source;
        if (source.isEmpty()) {
            boolean isTag = !value(invocation, service.tag).isEmpty();
            branch = isTag ? "" : branchName(value(invocation, service.branch));
        }
        if (branch.isEmpty() && service == CiVariables.JENKINS) {
            branch = remoteBranch(invocation);
        }
        if (!source.isEmpty() || !service.target.equals(service.branch)) {
            target = branchName(value(invocation, service.target));
        }
        if (branch.startsWith(MERGE_QUEUE)) {
            int end = branch.lastIndexOf('/');
            target = branch.substring(Math.min(MERGE_QUEUE.length(), end), end);
            branch = MERGE_QUEUE + target;
        }
        String byDefault = branchName(value(invocation, service.defaultBranch));
        if (service == CiVariables.GITHUB && target.isEmpty()) {
            byDefault = GitHubEvent.defaultBranch(invocation.variable("GITHUB_EVENT_PATH"));
        }
        boolean isFork = !source.isEmpty() && branch.equals(target) && isMergeRequest(invocation);
        return new Branches(
                repositoryName(value(invocation, service.repository)),
                isFork ? "fork/" + branch : branch,
                target,
                byDefault);
    }

    /** Drone and Woodpecker name a source and a target for pushes too. */
    private static boolean isMergeRequest(GoInvocation invocation) {
        String event =
                invocation.variable("DRONE_BUILD_EVENT") + invocation.variable("CI_PIPELINE_EVENT");
        return event.isEmpty() || event.equals("pull_request");
    }

    /** The value of a variable, or of two with a slash between. */
    private static String value(GoInvocation invocation, String variables) {
        int blank = variables.indexOf(' ');
        if (blank < 0) {
            return variables.isEmpty() ? "" : invocation.variable(variables);
        }
        return invocation.variable(variables.substring(0, blank))
                + '/'
                + invocation.variable(variables.substring(blank + 1));
    }

    /** Jenkins's name for a job without a branch of its own; a job of a tag has another one. */
    private static String remoteBranch(GoInvocation invocation) {
        String branch = invocation.variable("GIT_BRANCH");
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
