using StoriesCli.Cli.Commands.Read;
using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui;

namespace StoriesCli.Cli.Commands.Account;

/// <summary>The result of one check.</summary>
/// <param name="What">Its name.</param>
/// <param name="State"><c>ok</c>, <c>note</c> or <c>fault</c>.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">How to fix a fault; otherwise null.</param>
internal sealed record Finding(string What, string State, string Found, string? Remedy = null)
{
    public const string Ok = "ok";
    public const string Note = "note";
    public const string Fault = "fault";
}

/// <summary>Checks everything that a command relies on.</summary>
internal sealed class Diagnosis(Session session)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    // A healthy server answers at once, and the user is waiting.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Results so far, even if <paramref name="cancel"/> is signalled before the server answers.</summary>
    public async Task<List<Finding>> RunAsync(CancellationToken cancel)
    {
        var findings = new List<Finding>();
        if (CheckConfig() is { } broken)
        {
            findings.Add(broken);
        }
        else
        {
            findings.Add(
                new(
                    "config",
                    Finding.Ok,
                    File.Exists(session.ConfigFile.Path)
                        ? session.ConfigFile.Path
                        : $"{session.ConfigFile.Path} does not exist, which is fine"
                )
            );
            await CheckServerAsync(findings, cancel).ConfigureAwait(false);
            if (
                session.Connection.Token is not null
                && UnseenCache.Find(session.Context.Environment, session.Connection).FindUnwritable() is { } folder
            )
            {
                findings.Add(
                    new(
                        "cache",
                        Finding.Note,
                        $"{folder} cannot be written",
                        "\"stories count\" keeps its number there and prints nothing without it. Make it writable, or set XDG_CACHE_HOME."
                    )
                );
            }
        }
        var isReadable = findings[0].State != Finding.Fault;
        findings.Add(CheckTerminal());
        if (session.Context.OutIsTerminal)
        {
            findings.Add(await CheckPicturesAsync(isReadable, cancel).ConfigureAwait(false));
        }
        findings.AddRange(CheckPlayers(isReadable ? session.Config.Players : new Dictionary<string, Player>()));
        return findings;
    }

    private Finding? CheckConfig()
    {
        try
        {
            _ = session.Connection;
            return null;
        }
        catch (Exception e) when (e is ConfigException or CommandException)
        {
            return new("config", Finding.Fault, e.Message, $"Correct it: {session.ConfigFile.Path}, the environment, or the flag.");
        }
    }

    /// <summary>One request with a time limit.</summary>
    private static async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            return await question(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(
                ExitCode.Unavailable,
                cancel.IsCancellationRequested
                    ? "There was no answer within the time set by --timeout."
                    : $"There was no answer within {Patience.TotalSeconds:0} seconds."
            );
        }
    }

    private async Task CheckServerAsync(List<Finding> findings, CancellationToken cancel)
    {
        var origin = ServerAddress.Origin(session.Connection.Server);
        using var api = session.Connect(session.Connection, retries: 0);
        try
        {
            var limits = await AskAsync(api.Stories.GetLimitsAsync, cancel).ConfigureAwait(false);
            var isOther = limits.Version != Version.Text;
            findings.Add(
                new(
                    "server",
                    isOther ? Finding.Note : Finding.Ok,
                    $"{origin}, version {limits.Version}{(isOther ? $", where this client is {Version.Text}" : "")}"
                )
            );
            findings.Add(
                limits.VideoPosters
                    ? new("ffmpeg", Finding.Ok, "the server uses it for still pictures of videos")
                    : new(
                        "ffmpeg",
                        Finding.Note,
                        "the server makes no still pictures of videos",
                        "The host can turn them on: install ffmpeg on the server's machine and start stories-server with --ffmpeg auto."
                    )
            );
        }
        catch (Exception e) when (e is ServerUnreachableException or ApiException or CommandException)
        {
            findings.Add(
                new(
                    "server",
                    Finding.Fault,
                    e.Message,
                    "Check the server URL (stories config show --origin), the network, and that the server is running."
                )
            );
            return;
        }
        findings.Add(
            api.ClockOffset.Duration() < ClockTolerance
                ? new("clock", Finding.Ok, "agrees with the server's")
                : new(
                    "clock",
                    Finding.Fault,
                    $"is {Durations.FormatRounded(api.ClockOffset.Duration())} {(api.ClockOffset > TimeSpan.Zero ? "behind" : "ahead of")} the server's",
                    "Set the clock, preferably with NTP. Otherwise ages and remaining times are wrong."
                )
        );
        findings.AddRange(await CheckTokenAsync(api, cancel).ConfigureAwait(false));
        if (session.Connection.Token is not null && await CheckLinksAsync(api, origin, cancel).ConfigureAwait(false) is { } links)
        {
            findings.Add(links);
        }
    }

    /// <summary>Checks that signed links lead to the server URL that we use. Null if there is no story to make a link for.</summary>
    private static async Task<Finding?> CheckLinksAsync(ApiClient api, string origin, CancellationToken cancel)
    {
        try
        {
            var story = (
                await AskAsync(stop => api.Stories.ListAsync(new() { Limit = 1 }, stop), cancel).ConfigureAwait(false)
            ).Items.FirstOrDefault();
            if (story is null)
            {
                return null;
            }
            var link = await AskAsync(stop => api.Media.CreateLinkAsync(story.Id, TimeSpan.FromSeconds(5), cancel: stop), cancel)
                .ConfigureAwait(false);
            var led = ServerAddress.Origin(new Uri(link.Url));
            return led == origin
                ? new("links", Finding.Ok, $"lead to {led}")
                : new(
                    "links",
                    new Uri(led).IsLoopback && !new Uri(origin).IsLoopback ? Finding.Fault : Finding.Note,
                    $"lead to {led}, but you reach the server at {origin}",
                    "Players and shares cannot follow these links. The host can set stories-server --base-url to the public address, or --trusted-proxy to the proxy in front of it."
                );
        }
        catch (Exception e) when (e is ServerUnreachableException or ApiException or CommandException or UriFormatException)
        {
            return null;
        }
    }

    private async Task<List<Finding>> CheckTokenAsync(ApiClient api, CancellationToken cancel)
    {
        if (session.Connection.Token is null)
        {
            return
            [
                new(
                    "token",
                    Finding.Fault,
                    "there is none for this server",
                    "Run \"stories join\" with an invite, \"stories login\" with a token, or set STORIES_TOKEN."
                ),
            ];
        }
        try
        {
            var me = await AskAsync(api.Accounts.GetMeAsync, cancel).ConfigureAwait(false);
            var now = session.Now + api.ClockOffset;
            var who = $"@{me.Handle}, {me.Role}, may {string.Join(", ", me.Scopes)}";
            var findings = new List<Finding>
            {
                TokenWarning.OfToken(me, now) is { } ending
                    ? new("token", Finding.Note, $"{who}. {ending}", TokenWarning.Remedy)
                    : new(
                        "token",
                        Finding.Ok,
                        me.TokenRenews ? $"{who}; renews when it is used"
                            : me.TokenExpiresAt is { } end ? $"{who}; ends in {StoryText.Left(end, now)}"
                            : who
                    ),
            };
            if (TokenWarning.OfAccess(me, now) is { } access)
            {
                findings.Add(
                    new(
                        "access",
                        Finding.Note,
                        access,
                        "If you did not expect this: \"stories token list\" shows your tokens, and \"stories token revoke\" revokes one."
                    )
                );
            }
            var share = me.QuotaBytes > 0 ? (double)me.Bytes / me.QuotaBytes : 0;
            findings.Add(
                share < 0.9
                    ? new("quota", Finding.Ok, $"{ByteSize.Format(me.Bytes)} of {ByteSize.Format(me.QuotaBytes)}")
                    : new(
                        "quota",
                        Finding.Fault,
                        $"{ByteSize.Format(me.Bytes)} of {ByteSize.Format(me.QuotaBytes)}",
                        "Delete stories, wait for some to expire, or ask the host for more."
                    )
            );
            // The current token is reported above. A token that renews does not expire while it is used.
            foreach (
                var token in (await AskAsync(api.Tokens.ListAsync, cancel).ConfigureAwait(false)).Where(it =>
                    it.Id != me.TokenId && !it.Renews && it.ExpiresAt - now <= Limits.TokenNotice
                )
            )
            {
                findings.Add(
                    new(
                        "token",
                        Finding.Note,
                        $"\"{token.Name}\" ends in {StoryText.Left(token.ExpiresAt, now)}",
                        "Create another in time: stories token create."
                    )
                );
            }
            return findings;
        }
        catch (ApiException e) when (e.Code == Errors.ScopeMissing.Code)
        {
            return [new("token", Finding.Ok, "it may only post")];
        }
        catch (CommandException e)
        {
            return [new("token", Finding.Fault, e.Message, "Try again: the server is slow.")];
        }
        catch (Exception e) when (e is ServerUnreachableException or ApiException)
        {
            return
            [
                new(
                    "token",
                    Finding.Fault,
                    e.Message,
                    "Sign in again: run \"stories login\" with a token from another of your machines, or \"stories join\" with an access link from an admin."
                ),
            ];
        }
    }

    private Finding CheckTerminal()
    {
        var context = session.Context;
        var term = context.Environment("TERM");
        if (!context.OutIsTerminal)
        {
            return new("terminal", Finding.Note, "stdout is not a terminal: plain lines, no colour, no prompts");
        }
        return context.IsDumb || string.IsNullOrEmpty(term)
            ? new(
                "terminal",
                Finding.Fault,
                $"TERM is \"{term}\"",
                "Set TERM to your terminal type, such as xterm-256color. The terminal UI needs it."
            )
            : new("terminal", Finding.Ok, $"{term}, {context.Width()} columns{(context.HasColour ? "" : ", no colour")}");
    }

    private async Task<Finding> CheckPicturesAsync(bool isReadable, CancellationToken cancel)
    {
        var context = session.Context;
        if (!context.HasColour)
        {
            return new("images", Finding.Note, "none, because colour is off");
        }
        try
        {
            var report = await PictureReport
                .FindAsync(
                    isReadable ? StoryPicture.Mode(StoryPicture.ChooseImages(session)) : ImageMode.Auto,
                    context.Environment,
                    context is { InIsTerminal: true, IsDumb: false } ? context.InDescriptor : null,
                    cancel
                )
                .ConfigureAwait(false);
            return new("images", report.Advice is null ? Finding.Ok : Finding.Note, report.Found, report.Advice);
        }
        catch (CommandException e)
        {
            return new("images", Finding.Fault, e.Message, "Correct it: the environment or the flag.");
        }
    }

    private Finding CheckPlayer(string kind, PlayerSearch search, IReadOnlyDictionary<string, Player> players)
    {
        var (what, path) = ($"player for {kind}", session.Context.Environment("PATH"));
        if (search.Find(kind) is { } player)
        {
            return PlayerSearch.IsInstalled(player.Command[0], path)
                ? new(what, Finding.Ok, string.Join(' ', player.Command))
                : new(
                    what,
                    Finding.Fault,
                    $"{player.Command[0]} is configured but not installed",
                    $"Install it, or run \"stories config unset players.{kind}\"."
                );
        }
        return new PlayerSearch(players, path).Find(kind) is { } hidden
            ? new(
                what,
                Finding.Note,
                $"{hidden.Command[0]} is installed, but there is nothing to show it on: no display{(session.Context.OutIsTerminal ? "" : " and no terminal")}",
                "Set DISPLAY or WAYLAND_DISPLAY if there is a screen."
            )
            : new(
                what,
                Finding.Note,
                "none was found",
                kind == StoryKinds.Image ? "Install mpv, imv or feh." : "Install mpv, vlc or ffplay."
            );
    }

    private IEnumerable<Finding> CheckPlayers(IReadOnlyDictionary<string, Player> players)
    {
        var search = PlayerSearch.Here(players, session.Context.Environment, session.Context.OutIsTerminal);
        foreach (var kind in new[] { StoryKinds.Video, StoryKinds.Audio, StoryKinds.Image })
        {
            yield return CheckPlayer(kind, search, players);
        }
    }
}
