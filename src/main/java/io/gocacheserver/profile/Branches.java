package io.gocacheserver.profile;

import java.util.List;
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

    /**
     * Where CI services say what they build, as of 2026, in the variables that {@link io.gocacheserver.wire.BuildVariables} lists:
     * the columns are those of {@link Service}.
     */
    static final List<Service> SERVICES =
            """
            GITHUB_REPOSITORY        | GITHUB_REPOSITORY         | GITHUB_HEAD_REF                     | GITHUB_REF                 |                      | GITHUB_BASE_REF |
            CI_PROJECT_PATH          | CI_PROJECT_PATH           | CI_MERGE_REQUEST_SOURCE_BRANCH_NAME | CI_COMMIT_REF_NAME         | CI_COMMIT_TAG        | CI_MERGE_REQUEST_TARGET_BRANCH_NAME | CI_DEFAULT_BRANCH
            JENKINS_URL              | GIT_URL                   | CHANGE_BRANCH                       | BRANCH_NAME                | TAG_NAME             | CHANGE_TARGET |
            BUILDKITE                | BUILDKITE_REPO            |                                     | BUILDKITE_BRANCH           | BUILDKITE_TAG        | BUILDKITE_PULL_REQUEST_BASE_BRANCH | BUILDKITE_PIPELINE_DEFAULT_BRANCH
            DRONE                    | DRONE_REPO                | DRONE_SOURCE_BRANCH                 | DRONE_BRANCH               | DRONE_TAG            | DRONE_TARGET_BRANCH | DRONE_REPO_BRANCH
            CI_REPO                  | CI_REPO                   | CI_COMMIT_SOURCE_BRANCH             | CI_COMMIT_BRANCH           | CI_COMMIT_TAG        | CI_COMMIT_TARGET_BRANCH | CI_REPO_DEFAULT_BRANCH
            CIRCLECI                 | CIRCLE_PROJECT_USERNAME CIRCLE_PROJECT_REPONAME | | CIRCLE_BRANCH            | CIRCLE_TAG           | |
            TF_BUILD                 | BUILD_REPOSITORY_NAME     | SYSTEM_PULLREQUEST_SOURCEBRANCH     | BUILD_SOURCEBRANCH         |                      | SYSTEM_PULLREQUEST_TARGETBRANCH |
            BITBUCKET_REPO_FULL_NAME | BITBUCKET_REPO_FULL_NAME  |                                     | BITBUCKET_BRANCH           | BITBUCKET_TAG        | BITBUCKET_PR_DESTINATION_BRANCH |
            TRAVIS_REPO_SLUG         | TRAVIS_REPO_SLUG          | TRAVIS_PULL_REQUEST_BRANCH          | TRAVIS_BRANCH              | TRAVIS_TAG           | TRAVIS_BRANCH |
            APPVEYOR                 | APPVEYOR_REPO_NAME        | APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH | APPVEYOR_REPO_BRANCH    | APPVEYOR_REPO_TAG_NAME | APPVEYOR_REPO_BRANCH |
            CIRRUS_CI                | CIRRUS_REPO_FULL_NAME     |                                     | CIRRUS_BRANCH              | CIRRUS_TAG           | CIRRUS_BASE_BRANCH | CIRRUS_DEFAULT_BRANCH
            SEMAPHORE_GIT_REPO_SLUG  | SEMAPHORE_GIT_REPO_SLUG   | SEMAPHORE_GIT_PR_BRANCH             | SEMAPHORE_GIT_BRANCH       | SEMAPHORE_GIT_TAG_NAME | SEMAPHORE_GIT_BRANCH |
            PROW_JOB_ID              | REPO_OWNER REPO_NAME      | PULL_HEAD_REF                       | PULL_BASE_REF              |                      | PULL_BASE_REF |
            CODEBUILD_BUILD_ID       | CODEBUILD_SOURCE_REPO_URL |                                     | CODEBUILD_WEBHOOK_HEAD_REF |                      | CODEBUILD_WEBHOOK_BASE_REF |
            """
                    .lines()
                    .map(Service::of)
                    .toList();

    /**
     * The variables of a CI service; empty where it has none. A value that begins with {@code refs/} is a branch if it begins
     * with {@code refs/heads/}.
     *
     * @param marker is set if it is this service
     * @param repository path or URL; a second variable may follow as the last part of the path
     * @param source the branch that is to be merged, set in merge and pull requests only
     * @param branch the branch or ref otherwise; it may name the target in a merge request
     * @param tag if it is set, no branch is built
     * @param target the branch that a merge request is for
     * @param defaultBranch the repository's
     */
    record Service(
            String marker,
            String repository,
            String source,
            String branch,
            String tag,
            String target,
            String defaultBranch) {

        private static Service of(String line) {
            String[] cells = line.split(" *\\| *", -1);
            return new Service(
                    cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6].strip());
        }
    }

    static Branches of(BuildFacts build) {
        String checkout = repositoryName(build.origin());
        for (Service service : SERVICES) {
            if (!build.variable(service.marker).isEmpty()) {
                Branches ci = of(build, service);
                return new Branches(
                        ci.repository.isEmpty() ? checkout : ci.repository,
                        ci.branch,
                        ci.target,
                        ci.defaultBranch.isEmpty() ? build.defaultBranch() : ci.defaultBranch);
            }
        }
        return new Branches(checkout, build.branch(), "", build.defaultBranch());
    }

    private static Branches of(BuildFacts build, Service service) {
        String source = branchName(value(build, service.source));
        String branch = source;
        if (source.isEmpty() && value(build, service.tag).isEmpty()) {
            branch = branchName(value(build, service.branch));
        }
        if (branch.isEmpty() && service.marker.equals("JENKINS_URL")) {
            branch = remoteBranch(build);
        }
        String target = "";
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
        return name.replaceFirst("(\\.git)?/*$", "").toLowerCase(Locale.ROOT);
    }
}
