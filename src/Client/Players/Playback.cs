using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Callbacks about each played story.</summary>
/// <param name="Shown">The story was shown.</param>
/// <param name="Failed">The story could not be shown, with the reason in one sentence.</param>
public sealed record PlaybackReport(Func<Story, CancellationToken, Task> Shown, Action<Story, string> Failed);

/// <summary>Plays stories in external players, in order. Players get signed links, never the token.</summary>
/// <param name="api">Creates the links.</param>
/// <param name="search">Chooses the player.</param>
public sealed class Playback(ApiClient api, PlayerSearch search)
{
    /// <summary>Plays each story with the player for its kind, until all are played or the user closes mpv.</summary>
    /// <exception cref="PlayerException">A story has no player, or it cannot be started.</exception>
    /// <exception cref="ApiException">The server refuses a link.</exception>
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
                    $"No player for {story.Kind} was found. Install mpv, vlc or ffplay, or set one under \"players\" in the configuration.",
                StoryKinds.Image =>
                    "No viewer for pictures was found. Install mpv, imv or feh, or set one under \"players\" in the configuration.",
                _ => $"No player is configured for {story.Kind} stories. Set one under \"players\" in the configuration.",
            }
        );

    /// <summary>Such a player reports nothing, so exit code 0 counts as shown.</summary>
    private async Task PlayOneAsync(Player player, Story story, PlaybackReport report, CancellationToken cancel)
    {
        using var borrowed = PlayerArguments.WantsFile(player)
            ? await TemporaryMediaFile.FetchAsync(api, story, cancel).ConfigureAwait(false)
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

    /// <summary>A signed link for a player. A server may sign links for another name; the player uses the URL that we use.</summary>
    /// <param name="story">Whose file it leads to.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="ApiException">The server refuses a link.</exception>
    /// <exception cref="ServerUnreachableException">The server does not answer.</exception>
    public async Task<string> LinkAsync(Story story, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(story);
        var made = await api.Media.CreateLinkAsync(story.Id, Limits.LinkTtl, cancel: cancel).ConfigureAwait(false);
        return new Uri(api.Server, new Uri(made.Url).PathAndQuery).AbsoluteUri;
    }
}
