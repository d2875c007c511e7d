using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>What can be muted: somebody by handle, a tag, or with neither everything.</summary>
internal sealed record MuteTarget(string? Handle, string? Tag)
{
    public string Name =>
        Handle is not null ? $"@{Handle}"
        : Tag is not null ? $"#{Tag}"
        : "everything";
}

/// <summary>Muting, for a time or for good, and the end of it.</summary>
internal static class Mutes
{
    private const string Title = "Mute, or mute no longer";

    /// <summary>What the shown story gives to choose from at once; the server is asked what is muted.</summary>
    public static AppState Ask(AppState s) => s.Do(new Deed.ListMutes()) with { Dialog = new Dialog.Choosing(Title, Choices(s, [])) };

    /// <summary>What is muted stands behind what the story gives, so that nothing moves under the fingers.</summary>
    public static AppState Show(AppState s, ImmutableArray<Mute> mutes)
    {
        s = s with { MutesEnd = s.MutesEnd.Union(mutes.Select(mute => mute.Until).OfType<DateTimeOffset>()) };
        return s.Dialog is Dialog.Choosing { Title: Title } list ? s with { Dialog = list with { All = Choices(s, mutes) } } : s;
    }

    public static AppState AskHowLong(AppState s, MuteTarget target) =>
        s with
        {
            Dialog = new Dialog.Choosing(
                $"Mute {target.Name}: nothing of it counts as new",
                [
                    new("for 1 hour", "", new Msg.MuteTold(target, true, TimeSpan.FromHours(1))),
                    new("for 8 hours", "", new Msg.MuteTold(target, true, TimeSpan.FromHours(8))),
                    new("for 1 day", "", new Msg.MuteTold(target, true, TimeSpan.FromDays(1))),
                    new("for good", "", new Msg.MuteTold(target, true, null)),
                    new("not, or no longer", "", new Msg.MuteTold(target, false, null)),
                ]
            )
            {
                IsNumbered = true,
            },
        };

    /// <summary>Tray and stories say what is muted; both are asked for again, also when a mute ends by itself.</summary>
    public static AppState Told(AppState s, Outcome.Muted muted) =>
        (AskAgain(s) with { MutesEnd = muted.Until is { } until ? s.MutesEnd.Add(until) : s.MutesEnd }).Say(muted.Words);

    public static AppState Expire(AppState s) =>
        s.MutesEnd.IsEmpty || s.MutesEnd.Min > s.Now
            ? s
            : AskAgain(s) with
            {
                MutesEnd = s.MutesEnd.Except(s.MutesEnd.Where(end => end <= s.Now)),
            };

    private static AppState AskAgain(AppState s) =>
        s with
        {
            TrayStale = true,
            MuteRound = s.MuteRound + 1,
            Places = [.. s.Places.Select(place => place.IsAlbum ? place : place with { Round = place.Round + 1 })],
        };

    private static ImmutableArray<Choice> Choices(AppState s, ImmutableArray<Mute> mutes)
    {
        var now = mutes
            .DistinctBy(mute => (mute.Person?.Handle, mute.Tag))
            .ToDictionary(mute => new MuteTarget(mute.Person?.Handle, mute.Tag), mute => mute.Until);
        var story = s.Shown;
        MuteTarget[] near =
        [
            .. story is not null && story.Author.Handle != s.Me ? (MuteTarget[])[new(story.Author.Handle, null)] : [],
            .. story?.Tags.Select(tag => new MuteTarget(null, tag)) ?? [],
            new(null, null),
        ];
        return
        [
            .. near.Concat(now.Keys.Except(near))
                .Select(target => new Choice(target.Name, Describe(s, target, now), new Msg.MuteChosen(target))),
        ];
    }

    private static string Describe(AppState s, MuteTarget target, Dictionary<MuteTarget, DateTimeOffset?> mutes) =>
        mutes.TryGetValue(target, out var until)
            ? until is { } end
                ? $"muted until {Words.When(end, s.Zone, s.Now)}"
                : "muted"
            : target switch
            {
                { Handle: not null } => "their stories",
                { Tag: not null } => "whoever posts them",
                _ => "until it is taken back, or for a time",
            };
}
