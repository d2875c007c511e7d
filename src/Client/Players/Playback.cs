using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Who is told what became of each story that was to be played.</summary>
/// <param name="Shown">It was shown.</param>
/// <param name="Failed">It could not be shown, with the reason in one sentence.</param>
public sealed record PlaybackReport(Func<Story, CancellationToken, Task> Shown, Action<Story, string> Failed);

/// <summary>Plays stories in external players, in order. The players get signed addresses and never the token.</summary>
/// <param name="api">Makes the addresses.</param>
/// <param name="search">Chooses the player.</param>
public sealed class Playback(ApiClient api, PlayerSearch search)
{
    /// <summary>Plays each story with the player of its kind; ends when all are played or the user closes mpv.</summary>
    /// <exception cref="PlayerException">There is no player for a story, or it cannot be started.</exception>
    /// <exception cref="ApiException">The server refuses an address.</exception>
    public async Task PlayAsync(IReadOnlyList<Story> stories, PlaybackReport report, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(stories);
        ArgumentNullException.ThrowIfNull(report);
        for (var at = 0; at < stories.Count; )
        {
            var player = GetPlayer(stories[at]);
            if (PlayerArguments.IsLedOverSocket(player))
            {
                var run = stories.Skip(at).TakeWhile(story => GetPlayer(story) == player).ToArray();
                var (begun, quit) = await new MpvPlaylist(player, run, LinkAsync, report).PlayAsync(cancel).ConfigureAwait(false);
                if (quit)
                {
                    return;
                }
                at += begun;
                continue;
            }
            await PlayOneAsync(player, stories[at], report, cancel).ConfigureAwait(false);
            at++;
        }
    }

    private Player GetPlayer(Story story) =>
        search.Find(story.Kind)
        ?? throw new PlayerException(
            story.Kind switch
            {
                StoryKinds.Video or StoryKinds.Audio =>
                    $"No player for {story.Kind} was found: install mpv, vlc or ffplay, or name one under \"players\" in the configuration.",
                StoryKinds.Image =>
                    "No viewer for pictures was found: install mpv, imv or feh, or name one under \"players\" in the configuration.",
                _ => $"No player is configured for stories of the kind {story.Kind}: name one under \"players\" in the configuration.",
            }
        );

    /// <summary>Such a player says nothing of what it does: that it ended well has to mean that it showed the story.</summary>
    private async Task PlayOneAsync(Player player, Story story, PlaybackReport report, CancellationToken cancel)
    {
        using var borrowed = PlayerArguments.WantsFile(player)
            ? await BorrowedFile.FetchAsync(api, story, cancel).ConfigureAwait(false)
            : null;
        var address = await LinkAsync(story, cancel).ConfigureAwait(false);
        using var process = PlayerProcess.Start(
            PlayerArguments.Fill(player, address, borrowed?.Path, story.Caption ?? ""),
            player.Terminal
        );
        try
        {
            await process.WaitAsync(cancel).ConfigureAwait(false);
            await report.Shown(story, cancel).ConfigureAwait(false);
        }
        catch (PlayerException e)
        {
            report.Failed(story, e.Message);
        }
    }

    /// <summary>A server behind another name signs for that name; the player shall reach it the way we do, and nobody else.</summary>
    private async Task<string> LinkAsync(Story story, CancellationToken cancel)
    {
        var made = await api.Media.CreateLinkAsync(story.Id, Limits.LinkTtl, cancel: cancel).ConfigureAwait(false);
        return new Uri(api.Server, new Uri(made.Url).PathAndQuery).AbsoluteUri;
    }
}
