package io.gocacheserver.profile;

/**
 * Where CI services say what they build, as of 2026. Each names variables, from left to right:
 *
 * <ol>
 *   <li>one that shows that it is this service
 *   <li>the repository, as path or URL; a second one may follow the first as the last part of the path
 *   <li>the branch that is to be merged, set in merge and pull requests only
 *   <li>the branch or ref otherwise; it may name the target in a merge request
 *   <li>a tag: if it is set, no branch is built
 *   <li>the branch that a merge request is for
 *   <li>the repository's default branch
 * </ol>
 *
 * <p>A value that begins with {@code refs/} is a branch if it begins with {@code refs/heads/}. Clients send the variables that
 * {@link io.gocacheserver.wire.BuildVariables} lists.
 */
enum CiVariables {
    GITHUB(
            "GITHUB_REPOSITORY",
            "GITHUB_REPOSITORY",
            "GITHUB_HEAD_REF",
            "GITHUB_REF",
            "",
            "GITHUB_BASE_REF",
            ""),
    GITLAB(
            "CI_PROJECT_PATH",
            "CI_PROJECT_PATH",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "CI_COMMIT_REF_NAME",
            "CI_COMMIT_TAG",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
            "CI_DEFAULT_BRANCH"),
    JENKINS(
            "JENKINS_URL",
            "GIT_URL",
            "CHANGE_BRANCH",
            "BRANCH_NAME",
            "TAG_NAME",
            "CHANGE_TARGET",
            ""),
    BUILDKITE(
            "BUILDKITE",
            "BUILDKITE_REPO",
            "",
            "BUILDKITE_BRANCH",
            "BUILDKITE_TAG",
            "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
            "BUILDKITE_PIPELINE_DEFAULT_BRANCH"),
    DRONE(
            "DRONE",
            "DRONE_REPO",
            "DRONE_SOURCE_BRANCH",
            "DRONE_BRANCH",
            "DRONE_TAG",
            "DRONE_TARGET_BRANCH",
            "DRONE_REPO_BRANCH"),
    WOODPECKER(
            "CI_REPO",
            "CI_REPO",
            "CI_COMMIT_SOURCE_BRANCH",
            "CI_COMMIT_BRANCH",
            "CI_COMMIT_TAG",
            "CI_COMMIT_TARGET_BRANCH",
            "CI_REPO_DEFAULT_BRANCH"),
    CIRCLECI(
            "CIRCLECI",
            "CIRCLE_PROJECT_USERNAME CIRCLE_PROJECT_REPONAME",
            "",
            "CIRCLE_BRANCH",
            "CIRCLE_TAG",
            "",
            ""),
    AZURE(
            "TF_BUILD",
            "BUILD_REPOSITORY_NAME",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH",
            "BUILD_SOURCEBRANCH",
            "",
            "SYSTEM_PULLREQUEST_TARGETBRANCH",
            ""),
    BITBUCKET(
            "BITBUCKET_REPO_FULL_NAME",
            "BITBUCKET_REPO_FULL_NAME",
            "",
            "BITBUCKET_BRANCH",
            "BITBUCKET_TAG",
            "BITBUCKET_PR_DESTINATION_BRANCH",
            ""),
    TRAVIS(
            "TRAVIS_REPO_SLUG",
            "TRAVIS_REPO_SLUG",
            "TRAVIS_PULL_REQUEST_BRANCH",
            "TRAVIS_BRANCH",
            "TRAVIS_TAG",
            "TRAVIS_BRANCH",
            ""),
    APPVEYOR(
            "APPVEYOR",
            "APPVEYOR_REPO_NAME",
            "APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH",
            "APPVEYOR_REPO_BRANCH",
            "APPVEYOR_REPO_TAG_NAME",
            "APPVEYOR_REPO_BRANCH",
            ""),
    CIRRUS(
            "CIRRUS_CI",
            "CIRRUS_REPO_FULL_NAME",
            "",
            "CIRRUS_BRANCH",
            "CIRRUS_TAG",
            "CIRRUS_BASE_BRANCH",
            "CIRRUS_DEFAULT_BRANCH"),
    SEMAPHORE(
            "SEMAPHORE_GIT_REPO_SLUG",
            "SEMAPHORE_GIT_REPO_SLUG",
            "SEMAPHORE_GIT_PR_BRANCH",
            "SEMAPHORE_GIT_BRANCH",
            "SEMAPHORE_GIT_TAG_NAME",
            "SEMAPHORE_GIT_BRANCH",
            ""),
    PROW(
            "PROW_JOB_ID",
            "REPO_OWNER REPO_NAME",
            "PULL_HEAD_REF",
            "PULL_BASE_REF",
            "",
            "PULL_BASE_REF",
            ""),
    CODEBUILD(
            "CODEBUILD_BUILD_ID",
            "CODEBUILD_SOURCE_REPO_URL",
            "",
            "CODEBUILD_WEBHOOK_HEAD_REF",
            "",
            "CODEBUILD_WEBHOOK_BASE_REF",
            "");

    final String marker;
    final String repository;
    final String source;
    final String branch;
    final String tag;
    final String target;
    final String defaultBranch;

    CiVariables(
            String marker,
            String repository,
            String source,
            String branch,
            String tag,
            String target,
            String defaultBranch) {
        this.marker = marker;
        this.repository = repository;
        this.source = source;
        this.branch = branch;
        this.tag = tag;
        this.target = target;
        this.defaultBranch = defaultBranch;
    }

    /** Whether the environment is that of a job of this service. */
    boolean isIn(BuildFacts build) {
        return !build.variable(marker).isEmpty();
    }
}
