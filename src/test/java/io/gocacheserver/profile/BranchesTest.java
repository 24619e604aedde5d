package io.gocacheserver.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.wire.BuildVariables;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class BranchesTest {

    /** Variables as each service's manual says they are in such a job. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GITHUB_REPOSITORY=Acme/App GITHUB_REF=refs/heads/fix/1 GITHUB_REF_NAME=fix/1 | acme/app | fix/1 | |",
                "GITHUB_REPOSITORY=acme/app GITHUB_REF=refs/pull/7/merge GITHUB_HEAD_REF=fix GITHUB_BASE_REF=main | acme/app | fix | main |",
                "GITHUB_REPOSITORY=acme/app GITHUB_REF=refs/pull/7/merge GITHUB_HEAD_REF=main GITHUB_BASE_REF=main | acme/app | fork/main | main |",
                "GITHUB_REPOSITORY=acme/app GITHUB_REF=refs/tags/v1 GITHUB_REF_NAME=v1 | acme/app | | |",
                "GITHUB_REPOSITORY=acme/app GITHUB_REF=refs/heads/gh-readonly-queue/main/pr-7-1a2b | acme/app | gh-readonly-queue/main | main |",
                "GITHUB_REPOSITORY=acme/app GITHUB_REF=refs/heads/gh-readonly-queue/ | acme/app | gh-readonly-queue/ | |",
                "CI_PROJECT_PATH=g/s/app CI_COMMIT_REF_NAME=fix CI_COMMIT_BRANCH=fix CI_DEFAULT_BRANCH=main | g/s/app | fix | | main",
                "CI_PROJECT_PATH=g/app CI_COMMIT_REF_NAME=fix CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix CI_MERGE_REQUEST_TARGET_BRANCH_NAME=rel CI_DEFAULT_BRANCH=main | g/app | fix | rel | main",
                "CI_PROJECT_PATH=g/app CI_COMMIT_REF_NAME=v1 CI_COMMIT_TAG=v1 CI_DEFAULT_BRANCH=main | g/app | | | main",
                "JENKINS_URL=https://j/ GIT_URL=git@git.acme.com:acme/app.git BRANCH_NAME=fix | acme/app | fix | |",
                "JENKINS_URL=https://j/ GIT_URL=https://git.acme.com/acme/app BRANCH_NAME=PR-7 CHANGE_BRANCH=fix CHANGE_TARGET=main | acme/app | fix | main |",
                "JENKINS_URL=https://j/ GIT_URL=https://git.acme.com/acme/app.git GIT_BRANCH=origin/main | acme/app | main | |",
                "BUILDKITE=true BUILDKITE_REPO=ssh://git@h:22/acme/app.git BUILDKITE_BRANCH=fix BUILDKITE_PULL_REQUEST_BASE_BRANCH=main BUILDKITE_PIPELINE_DEFAULT_BRANCH=main | acme/app | fix | main | main",
                "DRONE=true DRONE_REPO=acme/app DRONE_BUILD_EVENT=push DRONE_SOURCE_BRANCH=main DRONE_TARGET_BRANCH=main DRONE_BRANCH=main DRONE_REPO_BRANCH=main | acme/app | main | main | main",
                "DRONE=true DRONE_REPO=acme/app DRONE_BUILD_EVENT=pull_request DRONE_SOURCE_BRANCH=fix DRONE_TARGET_BRANCH=main DRONE_BRANCH=main DRONE_REPO_BRANCH=main | acme/app | fix | main | main",
                "CI_REPO=acme/app CI_PIPELINE_EVENT=push CI_COMMIT_BRANCH=fix CI_REPO_DEFAULT_BRANCH=main | acme/app | fix | | main",
                "CI_REPO=acme/app CI_PIPELINE_EVENT=pull_request CI_COMMIT_BRANCH=main CI_COMMIT_SOURCE_BRANCH=fix CI_COMMIT_TARGET_BRANCH=main CI_REPO_DEFAULT_BRANCH=main | acme/app | fix | main | main",
                "CIRCLECI=true CIRCLE_PROJECT_USERNAME=acme CIRCLE_PROJECT_REPONAME=app CIRCLE_BRANCH=fix | acme/app | fix | |",
                "TF_BUILD=True BUILD_REPOSITORY_NAME=acme/app BUILD_SOURCEBRANCH=refs/heads/fix | acme/app | fix | |",
                "TF_BUILD=True BUILD_REPOSITORY_NAME=acme/app BUILD_SOURCEBRANCH=refs/pull/7/merge SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main | acme/app | fix | main |",
                "BITBUCKET_REPO_FULL_NAME=acme/app BITBUCKET_BRANCH=fix BITBUCKET_PR_DESTINATION_BRANCH=main | acme/app | fix | main |",
                "TRAVIS_REPO_SLUG=acme/app TRAVIS_BRANCH=fix | acme/app | fix | |",
                "TRAVIS_REPO_SLUG=acme/app TRAVIS_BRANCH=main TRAVIS_PULL_REQUEST_BRANCH=fix | acme/app | fix | main |",
                "APPVEYOR=True APPVEYOR_REPO_NAME=acme/app APPVEYOR_REPO_BRANCH=main APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH=fix | acme/app | fix | main |",
                "CIRRUS_CI=true CIRRUS_REPO_FULL_NAME=acme/app CIRRUS_BRANCH=pull/7 CIRRUS_BASE_BRANCH=main CIRRUS_DEFAULT_BRANCH=main | acme/app | pull/7 | main | main",
                "SEMAPHORE_GIT_REPO_SLUG=acme/app SEMAPHORE_GIT_BRANCH=main SEMAPHORE_GIT_PR_BRANCH=fix | acme/app | fix | main |",
                "PROW_JOB_ID=1 REPO_OWNER=acme REPO_NAME=app PULL_BASE_REF=main PULL_HEAD_REF=fix | acme/app | fix | main |",
                "PROW_JOB_ID=1 REPO_OWNER=acme REPO_NAME=app PULL_BASE_REF=main | acme/app | main | |",
                "CODEBUILD_BUILD_ID=1 CODEBUILD_SOURCE_REPO_URL=https://github.com/acme/app.git CODEBUILD_WEBHOOK_HEAD_REF=refs/heads/fix CODEBUILD_WEBHOOK_BASE_REF=refs/heads/main | acme/app | fix | main |",
                "HOME=/root | | | |"
            })
    void areWhatTheCiServiceSays(
            String variables, String repository, String branch, String target, String byDefault) {
        Branches branches = Branches.of(facts(variables, "", "", ""));

        assertThat(branches.repository()).isEqualTo(orEmpty(repository));
        assertThat(branches.branch()).isEqualTo(orEmpty(branch));
        assertThat(branches.target()).isEqualTo(orEmpty(target));
        assertThat(branches.defaultBranch()).isEqualTo(orEmpty(byDefault));
    }

    @Test
    void areThoseOfTheCheckoutElsewhere() {
        assertThat(Branches.of(build("")))
                .isEqualTo(new Branches("acme/app", "fix/1", "", "trunk"));
    }

    @Test
    void takeFromTheCheckoutWhatTheCiServiceDoesNotSay() {
        assertThat(Branches.of(build("GITHUB_REPOSITORY=x/y GITHUB_REF=refs/heads/fix")))
                .isEqualTo(new Branches("x/y", "fix", "", "trunk"));
        assertThat(Branches.of(build("JENKINS_URL=https://j/ BRANCH_NAME=fix")))
                .isEqualTo(new Branches("acme/app", "fix", "", "trunk"));
    }

    @Test
    void needVariablesThatClientsSend() {
        for (Branches.Service service : Branches.SERVICES) {
            String all =
                    String.join(
                            " ",
                            service.marker(),
                            service.repository(),
                            service.source(),
                            service.branch(),
                            service.tag(),
                            service.target(),
                            service.defaultBranch());
            assertThat(BuildVariables.CI).containsAll(List.of(all.strip().split(" +")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/Acme/App.git, acme/app",
        "https://user:pw@host:8443/acme/app/, acme/app",
        "ssh://git@host:22/acme/app.git, acme/app",
        "git@host:acme/app.git, acme/app",
        "acme/app, acme/app",
        "https://host, ''",
        "'', ''"
    })
    void nameARepositoryTheSameHoweverItIsReached(String url, String name) {
        assertThat(Branches.repositoryName(url)).isEqualTo(name);
    }

    private static BuildFacts build(String variables) {
        return facts(variables, "git@host:acme/app.git", "fix/1", "trunk");
    }

    private static BuildFacts facts(
            String variables, String origin, String branch, String defaultBranch) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables.split(" ")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return new BuildFacts(
                "", "", "", List.of(), environment, origin, branch, defaultBranch, "");
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
