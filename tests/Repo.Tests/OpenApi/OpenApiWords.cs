using System.Text.Json.Nodes;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>What the document says that no route does.</summary>
internal static class OpenApiWords
{
    public const string PlainText = "ready\n";

    public const string Markdown = "# Digest\n";

    public const string About = """
        JSON is camelCase UTF-8. Times are RFC 3339 UTC with milliseconds; durations in requests are `90s`, `15m`, `6h`, `7d` or ISO 8601 from weeks to seconds; sizes are bytes; characters are Unicode scalars. Ids are ULIDs in lower case, in the order of time.

        A field or query parameter that is not known is refused by name. Fields that are not described here may come in answers of a newer server: ignore them.

        Errors are `application/problem+json` (RFC 9457), with a stable `code`. Beside those of each operation, a path that is not one is answered with 404 `route_not_found`, and a method that a path does not have with 405 `method_not_allowed` and `Allow`.

        `HEAD` is answered wherever `GET` is, but for the stream of events. Paths are told apart by case. Successful answers below `/v1` that name no `Cache-Control` here have `no-store`, and so have all refusals.

        A story that is over answers 410 to those who could see it; to all others, always, 404: they cannot tell it from one that never was.
        """;

    public static readonly (string Name, string Words)[] Tags =
    [
        (Server.Http.Tags.Stories, "Posting, looking at, changing and deleting stories."),
        (Server.Http.Tags.Media, "The bytes of stories, their still pictures, and signed links for players."),
        (
            Server.Http.Tags.Conversation,
            "What people say to stories: replies, reactions, acknowledgements, votes and reports, and the question of the day."
        ),
        (
            Server.Http.Tags.Sharing,
            "Out of the house: stories that are shared with whoever has the address, and feeds for readers of feeds."
        ),
        (Server.Http.Tags.Highlights, "Stories that their authors keep."),
        (Server.Http.Tags.Events, "What happens, as it happens."),
        (Server.Http.Tags.People, "Accounts, one's own and others', and circles of people."),
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
                ["description"] = "A token, `Authorization: Bearer sty_…`. The scopes that an operation needs stand beside it.",
            },
            ["signedLink"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "query",
                ["name"] = Access.LinkParameter,
                ["description"] = "What `POST /v1/stories/{id}/links` puts into the address of a story's file.",
            },
            ["feedKey"] = new JsonObject
            {
                ["type"] = "apiKey",
                ["in"] = "query",
                ["name"] = Access.KeyParameter,
                ["description"] = "What `POST /v1/feeds` answers.",
            },
        };
}
