using System.Text.Json.Nodes;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>Words of the document that belong to no route.</summary>
internal static class OpenApiWords
{
    public const string PlainText = "ready\n";

    public const string Markdown = "# Digest\n";

    public const string About = """
        JSON is camelCase UTF-8. Times are RFC 3339 UTC with milliseconds. Durations in requests are `90s`, `15m`, `6h`, `7d` or ISO
        8601 from weeks to seconds. Sizes are bytes; characters are Unicode scalars. Ids are ULIDs in lower case, in the order of
        time.

        The server refuses an unknown field or query parameter by name. Ignore fields in answers that are not described here: a newer
        server may send them.

        Errors are `application/problem+json` (RFC 9457), with a stable `code`. Beside the errors of each operation, a path that does
        not exist answers 404 `route_not_found`. A method that a path does not have answers 405 `method_not_allowed` with `Allow`.

        Every path that answers `GET` also answers `HEAD`, except the streams of events. Paths are case-sensitive. Successful answers
        below `/v1` have `Cache-Control: no-store`, unless this document names another. All refusals have it.

        A story that has expired or was deleted answers 410 to those who could see it. To everybody else it always answers 404, like a
        story that never existed.
        """;

    public static readonly (string Name, string Words)[] Tags =
    [
        (Server.Http.Tags.Stories, "Posting, looking at, changing and deleting stories."),
        (Server.Http.Tags.Media, "The bytes of stories, their still pictures, and signed links for players."),
        (Server.Http.Tags.Live, "Terminals that others watch while a command runs in them, and that become recordings."),
        (
            Server.Http.Tags.Conversation,
            "What people say to stories: replies, reactions, acknowledgements, votes and reports, and the question of the day."
        ),
        (Server.Http.Tags.Sharing, "Outside the team: stories that everybody with the address can see, and feeds for feed readers."),
        (Server.Http.Tags.Highlights, "Stories that their authors keep."),
        (Server.Http.Tags.Events, "Events, as they happen."),
        (Server.Http.Tags.People, "Your account, other accounts, and circles of people."),
        (Server.Http.Tags.Access, "Invites and tokens."),
        (Server.Http.Tags.Administration, "For owners and admins."),
        (Server.Http.Tags.Server, "The server itself."),
    ];

    public static JsonObject SecuritySchemes() =>
        new()
        {
            ["token"] = new JsonObject
            {
                ["type"] = "http",
                ["scheme"] = "bearer",
                ["bearerFormat"] = "sty_…",
                ["description"] = "A token, `Authorization: Bearer sty_…`. Each operation names the scopes that it needs.",
            },
            ["signedLink"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "query",
                ["name"] = QueryCredential.SignedLink.Parameter,
                ["description"] = "The value that `POST /v1/stories/{id}/links` puts into the address of a story's file.",
            },
            ["feedKey"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "query",
                ["name"] = QueryCredential.FeedKey.Parameter,
                ["description"] = "The `key` in the answer of `POST /v1/feeds`.",
            },
        };
}
