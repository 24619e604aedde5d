package io.gocacheserver.wire;

import java.util.ArrayList;
import java.util.List;

/** The variables that a client tells of a build ({@code POST /prefetch}), as far as they are set. No others leave a machine. */
public final class BuildVariables {

    /** Make every compiled package another one. Go sets the one of the architecture that it builds for. */
    public static final List<String> PLATFORM =
            words(
                    """
                    GOVERSION GOOS GOARCH GOEXPERIMENT GOFIPS140 CGO_ENABLED GO386 GOAMD64 GOARM \
                    GOARM64 GOMIPS GOMIPS64 GOPPC64 GORISCV64 GOWASM\
                    """);

    /** Make every package with C another one. */
    public static final List<String> C =
            words("CC CXX CGO_CFLAGS CGO_CPPFLAGS CGO_CXXFLAGS CGO_FFLAGS CGO_LDFLAGS");

    public static final List<String> GO = go();

    /** In which CI services say which one they are, and what is built of which repository. */
    public static final List<String> CI =
            words(
                    """
                    GITHUB_REPOSITORY GITHUB_HEAD_REF GITHUB_REF GITHUB_BASE_REF \
                    CI_PROJECT_PATH CI_MERGE_REQUEST_SOURCE_BRANCH_NAME CI_COMMIT_REF_NAME \
                    CI_COMMIT_TAG CI_MERGE_REQUEST_TARGET_BRANCH_NAME CI_DEFAULT_BRANCH \
                    JENKINS_URL GIT_URL GIT_BRANCH CHANGE_BRANCH BRANCH_NAME TAG_NAME \
                    CHANGE_TARGET \
                    BUILDKITE BUILDKITE_REPO BUILDKITE_BRANCH BUILDKITE_TAG \
                    BUILDKITE_PULL_REQUEST_BASE_BRANCH BUILDKITE_PIPELINE_DEFAULT_BRANCH \
                    DRONE DRONE_REPO DRONE_BUILD_EVENT DRONE_SOURCE_BRANCH DRONE_BRANCH DRONE_TAG \
                    DRONE_TARGET_BRANCH DRONE_REPO_BRANCH \
                    CI_REPO CI_PIPELINE_EVENT CI_COMMIT_SOURCE_BRANCH CI_COMMIT_BRANCH \
                    CI_COMMIT_TARGET_BRANCH CI_REPO_DEFAULT_BRANCH \
                    CIRCLECI CIRCLE_PROJECT_USERNAME CIRCLE_PROJECT_REPONAME CIRCLE_BRANCH \
                    CIRCLE_TAG \
                    TF_BUILD BUILD_REPOSITORY_NAME SYSTEM_PULLREQUEST_SOURCEBRANCH \
                    BUILD_SOURCEBRANCH SYSTEM_PULLREQUEST_TARGETBRANCH \
                    BITBUCKET_REPO_FULL_NAME BITBUCKET_BRANCH BITBUCKET_TAG \
                    BITBUCKET_PR_DESTINATION_BRANCH \
                    TRAVIS_REPO_SLUG TRAVIS_PULL_REQUEST_BRANCH TRAVIS_BRANCH TRAVIS_TAG \
                    APPVEYOR APPVEYOR_REPO_NAME APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH \
                    APPVEYOR_REPO_BRANCH APPVEYOR_REPO_TAG_NAME \
                    CIRRUS_CI CIRRUS_REPO_FULL_NAME CIRRUS_BRANCH CIRRUS_TAG CIRRUS_BASE_BRANCH \
                    CIRRUS_DEFAULT_BRANCH \
                    SEMAPHORE_GIT_REPO_SLUG SEMAPHORE_GIT_PR_BRANCH SEMAPHORE_GIT_BRANCH \
                    SEMAPHORE_GIT_TAG_NAME \
                    PROW_JOB_ID REPO_OWNER REPO_NAME PULL_HEAD_REF PULL_BASE_REF \
                    CODEBUILD_BUILD_ID CODEBUILD_SOURCE_REPO_URL CODEBUILD_WEBHOOK_HEAD_REF \
                    CODEBUILD_WEBHOOK_BASE_REF\
                    """);

    /** In which CI services name a job: the first that is set counts. */
    public static final List<String> JOB =
            words(
                    """
                    GITHUB_JOB CI_JOB_NAME BUILDKITE_LABEL CIRCLE_JOB DRONE_STAGE_NAME \
                    CI_WORKFLOW_NAME AGENT_JOBNAME CIRRUS_TASK_NAME SEMAPHORE_JOB_NAME JOB_NAME\
                    """);

    private BuildVariables() {}

    private static List<String> words(String words) {
        return List.of(words.split(" "));
    }

    private static List<String> go() {
        List<String> all = new ArrayList<>(PLATFORM);
        all.addAll(C);
        all.addAll(List.of("GOFLAGS", "GOMODCACHE"));
        return List.copyOf(all);
    }
}
