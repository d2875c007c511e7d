using StoriesCli.Contracts;

namespace StoriesCli.Cli.Posting;

/// <summary>Reads repository, commit and run from the variables of a CI system.</summary>
internal static class Pipelines
{
    private delegate string? Variables(string name);

    private sealed record Kind(string Name, Func<Variables, bool> IsHere, Func<Variables, StorySource> Read);

    // Woodpecker and Drone come first, because they also set each other's and GitLab's variables.
    private static readonly Kind[] Kinds =
    [
        new(
            "Woodpecker",
            v => v("CI") == "woodpecker" || v("CI_SYSTEM_NAME") == "woodpecker",
            v =>
                new()
                {
                    Repository = v("CI_REPO"),
                    Commit = v("CI_COMMIT_SHA"),
                    Ref = v("CI_COMMIT_TAG") ?? v("CI_COMMIT_SOURCE_BRANCH") ?? v("CI_COMMIT_BRANCH"),
                    Run = v("CI_PIPELINE_NUMBER"),
                    RunUrl = v("CI_PIPELINE_URL"),
                    Status = Status(v("CI_PIPELINE_STATUS")),
                }
        ),
        new(
            "Drone",
            v => v("DRONE") == "true",
            v =>
                new()
                {
                    Repository = v("DRONE_REPO"),
                    Commit = v("DRONE_COMMIT_SHA"),
                    Ref =
                        v("DRONE_TAG")
                        ?? v("DRONE_SOURCE_BRANCH")
                        ?? v("DRONE_COMMIT_BRANCH")
                        ?? v("DRONE_BRANCH")
                        ?? Branch(v("DRONE_COMMIT_REF")),
                    Run = v("DRONE_BUILD_NUMBER"),
                    RunUrl = v("DRONE_BUILD_LINK"),
                    Status = Status(v("DRONE_BUILD_STATUS")),
                }
        ),
        new(
            "GitHub Actions",
            v => v("GITHUB_ACTIONS") == "true",
            v =>
                new()
                {
                    Repository = v("GITHUB_REPOSITORY"),
                    Commit = v("GITHUB_SHA"),
                    Ref = v("GITHUB_HEAD_REF") ?? v("GITHUB_REF_NAME"),
                    Run = v("GITHUB_RUN_ID"),
                    RunUrl = Join(v("GITHUB_SERVER_URL"), v("GITHUB_REPOSITORY"), "actions/runs", v("GITHUB_RUN_ID")),
                }
        ),
        new(
            "GitLab CI",
            v => v("GITLAB_CI") == "true",
            v =>
                new()
                {
                    Repository = v("CI_PROJECT_PATH"),
                    Commit = v("CI_COMMIT_SHA"),
                    Ref = v("CI_COMMIT_REF_NAME"),
                    Run = v("CI_PIPELINE_ID"),
                    RunUrl = v("CI_PIPELINE_URL"),
                    Status = Status(v("CI_JOB_STATUS")),
                }
        ),
        new(
            "Azure Pipelines",
            v => string.Equals(v("TF_BUILD"), "true", StringComparison.OrdinalIgnoreCase),
            v =>
                new()
                {
                    Repository = v("BUILD_REPOSITORY_NAME"),
                    Commit = v("BUILD_SOURCEVERSION"),
                    Ref = Branch(v("SYSTEM_PULLREQUEST_SOURCEBRANCH") ?? v("BUILD_SOURCEBRANCH")),
                    Run = v("BUILD_BUILDID"),
                    Status = Status(v("AGENT_JOBSTATUS")),
                    RunUrl = Join(
                        v("SYSTEM_COLLECTIONURI") ?? v("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"),
                        Escape(v("SYSTEM_TEAMPROJECT")),
                        "_build",
                        Query("results?buildId=", v("BUILD_BUILDID"))
                    ),
                }
        ),
        new(
            "Buildkite",
            v => v("BUILDKITE") == "true",
            v =>
                new()
                {
                    Repository = RepositoryOf(v("BUILDKITE_REPO")),
                    Commit = v("BUILDKITE_COMMIT"),
                    Ref = v("BUILDKITE_TAG") ?? v("BUILDKITE_BRANCH"),
                    Run = v("BUILDKITE_BUILD_NUMBER"),
                    RunUrl = v("BUILDKITE_BUILD_URL"),
                    Status = OfExit(v("BUILDKITE_COMMAND_EXIT_STATUS")),
                }
        ),
        new(
            "CircleCI",
            v => v("CIRCLECI") == "true",
            v =>
                new()
                {
                    Repository =
                        Join(v("CIRCLE_PROJECT_USERNAME"), v("CIRCLE_PROJECT_REPONAME")) ?? RepositoryOf(v("CIRCLE_REPOSITORY_URL")),
                    Commit = v("CIRCLE_SHA1"),
                    Ref = v("CIRCLE_TAG") ?? v("CIRCLE_BRANCH"),
                    Run = v("CIRCLE_BUILD_NUM"),
                    RunUrl = v("CIRCLE_BUILD_URL"),
                }
        ),
        new(
            "Jenkins",
            v => v("JENKINS_URL") is not null || v("JENKINS_HOME") is not null,
            v =>
                new()
                {
                    Repository = RepositoryOf(v("GIT_URL") ?? v("GIT_URL_1")) ?? v("JOB_NAME"),
                    Commit = v("GIT_COMMIT"),
                    Ref = v("TAG_NAME") ?? v("CHANGE_BRANCH") ?? v("BRANCH_NAME") ?? Origin(v("GIT_BRANCH")),
                    Run = v("BUILD_NUMBER"),
                    RunUrl = v("BUILD_URL") ?? v("RUN_DISPLAY_URL"),
                }
        ),
    ];

    public static IEnumerable<string> Names => Kinds.Select(kind => kind.Name);

    /// <summary>Null if no CI system is recognised. Leaves out or cuts values that the server would refuse.</summary>
    public static StorySource? Find(Func<string, string?> environment)
    {
        Variables given = name => environment(name) is { Length: > 0 } value ? value : null;
        if (Kinds.FirstOrDefault(kind => kind.IsHere(given)) is not { } here)
        {
            return null;
        }
        var found = here.Read(given);
        return found with
        {
            Repository = Cut(found.Repository),
            Commit = Cut(found.Commit),
            Ref = Cut(found.Ref),
            Run = Cut(found.Run),
            RunUrl =
                Uri.TryCreate(found.RunUrl, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https"
                && url!.UserInfo.Length == 0
                && found.RunUrl.Length <= Limits.LinkCharacters
                    ? found.RunUrl
                    : null,
        };
    }

    private static string? Cut(string? text) =>
        text is null || text.Length <= Limits.SourceCharacters ? text : text[..Limits.SourceCharacters];

    private static string? Status(string? word) =>
        word?.ToUpperInvariant() switch
        {
            "SUCCESS" or "SUCCEEDED" or "PASSED" => "passed",
            "FAILED" or "FAILURE" or "ERROR" => "failed",
            _ => null,
        };

    private static string? OfExit(string? code) =>
        code is null ? null
        : code == "0" ? "passed"
        : "failed";

    private static string? Join(params string?[] parts) =>
        parts.All(part => part is not null) ? string.Join('/', parts.Select((part, i) => i == 0 ? part!.TrimEnd('/') : part)) : null;

    private static string? Escape(string? segment) => segment is null ? null : Uri.EscapeDataString(segment);

    private static string? Query(string start, string? value) => value is null ? null : start + Uri.EscapeDataString(value);

    private static string? Branch(string? reference) =>
        reference is null ? null
        : reference.StartsWith("refs/heads/", StringComparison.Ordinal) || reference.StartsWith("refs/tags/", StringComparison.Ordinal)
            ? reference[(reference.IndexOf('/', 5) + 1)..]
        : reference;

    private static string? Origin(string? branch) =>
        branch?.StartsWith("origin/", StringComparison.Ordinal) == true ? branch["origin/".Length..] : branch;

    /// <summary><c>team/parser</c> from an address such as <c>git@host:team/parser.git</c> or <c>https://user:secret@host/team/parser</c>.</summary>
    private static string? RepositoryOf(string? address)
    {
        if (address is null)
        {
            return null;
        }
        var path =
            Uri.TryCreate(address, UriKind.Absolute, out var uri) && address.Contains("://", StringComparison.Ordinal)
                ? Uri.UnescapeDataString(uri.AbsolutePath)
                : address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var trimmed = path.Trim('/');
        return trimmed.EndsWith(".git", StringComparison.Ordinal) ? trimmed[..^4] : trimmed;
    }
}
