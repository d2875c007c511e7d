using StoriesCli.Contracts;

namespace StoriesCli.Cli.Tests.Posting;

/// <summary>The variables are those that each system documents.</summary>
public class PipelinesTests
{
    private const string Commit = "ffac537e6cbbf934b08745a378932722df287a53";

    [Fact]
    public void GitHub_Actions_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "true",
                    ["GITHUB_ACTIONS"] = "true",
                    ["GITHUB_REPOSITORY"] = "octocat/Hello-World",
                    ["GITHUB_SHA"] = Commit,
                    ["GITHUB_REF"] = "refs/heads/feature-branch-1",
                    ["GITHUB_REF_NAME"] = "feature-branch-1",
                    ["GITHUB_HEAD_REF"] = "",
                    ["GITHUB_RUN_ID"] = "1658821493",
                    ["GITHUB_RUN_NUMBER"] = "3",
                    ["GITHUB_SERVER_URL"] = "https://github.com",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "octocat/Hello-World",
                    Commit = Commit,
                    Ref = "feature-branch-1",
                    Run = "1658821493",
                    RunUrl = "https://github.com/octocat/Hello-World/actions/runs/1658821493",
                }
            );

    [Fact]
    public void GitLab_CI_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "true",
                    ["GITLAB_CI"] = "true",
                    ["CI_PROJECT_PATH"] = "gitlab-org/gitlab",
                    ["CI_COMMIT_SHA"] = Commit,
                    ["CI_COMMIT_REF_NAME"] = "main",
                    ["CI_PIPELINE_ID"] = "1000",
                    ["CI_PIPELINE_URL"] = "https://gitlab.example.com/gitlab-org/gitlab/-/pipelines/1000",
                    ["CI_JOB_STATUS"] = "failed",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "gitlab-org/gitlab",
                    Commit = Commit,
                    Ref = "main",
                    Run = "1000",
                    RunUrl = "https://gitlab.example.com/gitlab-org/gitlab/-/pipelines/1000",
                    Status = "failed",
                }
            );

    [Fact]
    public void Jenkins_is_recognised_and_the_password_of_its_repository_left_out() =>
        Find(
                new()
                {
                    ["JENKINS_URL"] = "https://jenkins.example.com/",
                    ["JOB_NAME"] = "parser/main",
                    ["GIT_URL"] = "https://robot:hunter2@git.example.com/team/parser.git",
                    ["GIT_COMMIT"] = Commit,
                    ["GIT_BRANCH"] = "origin/main",
                    ["BUILD_NUMBER"] = "153",
                    ["BUILD_URL"] = "https://jenkins.example.com/job/parser/job/main/153/",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "team/parser",
                    Commit = Commit,
                    Ref = "main",
                    Run = "153",
                    RunUrl = "https://jenkins.example.com/job/parser/job/main/153/",
                }
            );

    [Fact]
    public void Azure_Pipelines_is_recognised() =>
        Find(
                new()
                {
                    ["TF_BUILD"] = "True",
                    ["BUILD_REPOSITORY_NAME"] = "fabrikamfiber/parser",
                    ["BUILD_SOURCEVERSION"] = Commit,
                    ["BUILD_SOURCEBRANCH"] = "refs/heads/feature/tools",
                    ["BUILD_SOURCEBRANCHNAME"] = "tools",
                    ["BUILD_BUILDID"] = "42",
                    ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/fabrikamfiber/",
                    ["SYSTEM_TEAMPROJECT"] = "Our parser",
                    ["AGENT_JOBSTATUS"] = "Succeeded",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "fabrikamfiber/parser",
                    Commit = Commit,
                    Ref = "feature/tools",
                    Run = "42",
                    RunUrl = "https://dev.azure.com/fabrikamfiber/Our%20parser/_build/results?buildId=42",
                    Status = "passed",
                }
            );

    [Fact]
    public void Buildkite_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "true",
                    ["BUILDKITE"] = "true",
                    ["BUILDKITE_REPO"] = "git@github.com:acme-inc/my-project.git",
                    ["BUILDKITE_COMMIT"] = Commit,
                    ["BUILDKITE_BRANCH"] = "main",
                    ["BUILDKITE_TAG"] = "",
                    ["BUILDKITE_BUILD_NUMBER"] = "1514",
                    ["BUILDKITE_BUILD_URL"] = "https://buildkite.com/acme-inc/my-project/builds/1514",
                    ["BUILDKITE_COMMAND_EXIT_STATUS"] = "1",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "acme-inc/my-project",
                    Commit = Commit,
                    Ref = "main",
                    Run = "1514",
                    RunUrl = "https://buildkite.com/acme-inc/my-project/builds/1514",
                    Status = "failed",
                }
            );

    [Fact]
    public void CircleCI_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "true",
                    ["CIRCLECI"] = "true",
                    ["CIRCLE_PROJECT_USERNAME"] = "acme",
                    ["CIRCLE_PROJECT_REPONAME"] = "parser",
                    ["CIRCLE_SHA1"] = Commit,
                    ["CIRCLE_TAG"] = "v1.2.3",
                    ["CIRCLE_BUILD_NUM"] = "77",
                    ["CIRCLE_BUILD_URL"] = "https://circleci.com/gh/acme/parser/77",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "acme/parser",
                    Commit = Commit,
                    Ref = "v1.2.3",
                    Run = "77",
                    RunUrl = "https://circleci.com/gh/acme/parser/77",
                }
            );

    [Fact]
    public void Woodpecker_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "woodpecker",
                    ["CI_SYSTEM_NAME"] = "woodpecker",
                    ["CI_REPO"] = "john-doe/my-repo",
                    ["CI_COMMIT_SHA"] = Commit,
                    ["CI_COMMIT_BRANCH"] = "main",
                    ["CI_PIPELINE_NUMBER"] = "8",
                    ["CI_PIPELINE_URL"] = "https://ci.example.com/repos/7/pipeline/8",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "john-doe/my-repo",
                    Commit = Commit,
                    Ref = "main",
                    Run = "8",
                    RunUrl = "https://ci.example.com/repos/7/pipeline/8",
                }
            );

    [Fact]
    public void Drone_is_recognised() =>
        Find(
                new()
                {
                    ["CI"] = "true",
                    ["DRONE"] = "true",
                    ["DRONE_REPO"] = "octocat/hello-world",
                    ["DRONE_COMMIT_SHA"] = Commit,
                    ["DRONE_COMMIT_BRANCH"] = "main",
                    ["DRONE_BUILD_NUMBER"] = "42",
                    ["DRONE_BUILD_LINK"] = "https://drone.company.com/octocat/hello-world/42",
                    ["DRONE_BUILD_STATUS"] = "success",
                }
            )
            .Should()
            .Be(
                new StorySource
                {
                    Repository = "octocat/hello-world",
                    Commit = Commit,
                    Ref = "main",
                    Run = "42",
                    RunUrl = "https://drone.company.com/octocat/hello-world/42",
                    Status = "passed",
                }
            );

    [Theory]
    [InlineData("DRONE_BRANCH", "main")]
    [InlineData("DRONE_COMMIT_REF", "refs/heads/main")]
    public void Drone_says_its_branch_in_several_places(string variable, string value) =>
        Find(new() { ["DRONE"] = "true", [variable] = value }).Should().Be(new StorySource { Ref = "main" });

    [Fact]
    public void What_no_server_takes_does_not_hinder_the_post()
    {
        var found = Find(
            new()
            {
                ["GITLAB_CI"] = "true",
                ["CI_COMMIT_REF_NAME"] = new string('x', 1000),
                ["CI_PIPELINE_URL"] = "ftp://example.com/",
                ["CI_PIPELINE_ID"] = "1",
            }
        );

        found.Should().Be(new StorySource { Ref = new string('x', Limits.SourceCharacters), Run = "1" });
    }

    [Fact]
    public void A_shell_of_no_CI_system_tells_nothing() => Find(new() { ["CI"] = "true", ["HOME"] = "/root" }).Should().BeNull();

    private static StorySource? Find(Dictionary<string, string> variables) => Pipelines.Find(name => variables.GetValueOrDefault(name));
}
