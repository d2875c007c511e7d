using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Feeds;

/// <summary>Stories that a player can show, as an extended M3U with signed links.</summary>
internal static class PlaylistEndpoints
{
    // Not the type of HLS, which lists segments of a stream: this lists files that players open one after the other.
    private const string ContentType = "audio/x-mpegurl; charset=utf-8";
    private const int TitleCharacters = 200;
    private static readonly string[] Kinds = [StoryKinds.Image, StoryKinds.Video, StoryKinds.Audio];

    public static void MapPlaylist(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/playlist.m3u8", PlayAsync)
            .RequireAuthorization(Policies.Read)
            .WithMetadata(QueryCredential.FeedKey, new AllowedQuery("author", "unseen", QueryCredential.FeedKey.Parameter))
            .Describe(
                new(Tags.Media, "getPlaylist", "Lists what a player can show, as an extended M3U with signed links, oldest first")
                {
                    Details = "With the `key` of a feed instead of a token, its links work as long as their stories and the key.",
                    Answers =
                    [
                        ResponseDocs.File(200, "Pictures, videos and sounds.", "audio/x-mpegurl") with
                        {
                            Headers = ["Cache-Control"],
                        },
                    ],
                }
            );

    private static async Task PlayAsync(
        HttpContext context,
        StoryLists lists,
        AccountStore accounts,
        FeedStore feeds,
        MediaLinks links,
        Viewers viewers
    )
    {
        var caller = context.FindAccount();
        var reader = caller is null ? feeds.GetReader(context) : null;
        var viewer = viewers.Of(reader?.Account ?? caller!.Number);
        var filter = StoryFilter.Read(context.Request, viewer.Now);
        // Oldest first, in the order in which things happened.
        var entries = await lists
            .MatchingAsync(viewer, filter, entry => Kinds.Contains(entry.Kind), int.MaxValue, context.RequestAborted)
            .ConfigureAwait(false);
        entries.Reverse();
        var lines = entries.Select(entry => LinesOf(context, entry, reader, accounts, links));
        // The links are made, or refused, before the response begins.
        var first = lines.Take(1).ToList();
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync("#EXTM3U\n", context.RequestAborted).ConfigureAwait(false);
        foreach (var line in first.Concat(lines.Skip(1)))
        {
            await context.Response.WriteAsync(line, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string LinesOf(HttpContext context, StoryEntry story, FeedReader? reader, AccountStore accounts, MediaLinks links)
    {
        var link = links.Show(
            context,
            reader is not null
                ? MediaLinks.MakeForFeed(story.Id, reader.Account, reader.Feed, story.ExpiresAt)
                : links.Make(context, story.Id, Limits.LinkTtlMaximum, story.EndsAt)
        );
        // An image has no duration; the format writes that, and an unknown duration, as -1.
        var seconds =
            story.Media.DurationMs is { } duration && story.Kind != StoryKinds.Image
                ? (duration / 1000m).ToString("0.###", CultureInfo.InvariantCulture)
                : "-1";
        var author = accounts.GetPerson(story.Author);
        var title = string.Join(
            ": ",
            ((string?[])[author.DisplayName, story.Caption ?? story.Media.FileName]).Where(t => !string.IsNullOrWhiteSpace(t))
        );
        return $"#EXTINF:{seconds},{OneLine(title)}\n{link.Url}\n";
    }

    /// <summary>Keeps titles on one line, whatever they contain.</summary>
    private static string OneLine(string title)
    {
        var text = new StringBuilder();
        foreach (var rune in CleanText.OneLine(title).EnumerateRunes().Take(TitleCharacters))
        {
            text.Append(rune);
        }
        return text.ToString().Trim();
    }
}
