namespace StoriesCli.Tui.State;

/// <summary>What can be muted: somebody by handle, a tag, or with neither everything.</summary>
internal sealed record MuteTarget(string? Handle, string? Tag)
{
    public string Name => Handle is not null ? $"@{Handle}" : Tag is not null ? $"#{Tag}" : "everything";
}

/// <summary>Muting, for a time or for good, and the end of it.</summary>
internal static class Mutes
{
    /// <summary>What the shown story gives to choose from: its author, its tags, and everything.</summary>
    public static AppState Ask(AppState s)
    {
        var story = s.Shown;
        MuteTarget[] targets =
        [
            .. story is not null && story.Author.Handle != s.Me ? (MuteTarget[])[new(story.Author.Handle, null)] : [],
            .. story?.Tags.Select(tag => new MuteTarget(null, tag)) ?? [],
            new(null, null),
        ];
        return s with
        {
            Dialog = new Dialog.Choosing("Mute, or mute no longer", [.. targets.Select(target => new Choice(target.Name, Describe(s, target), new Msg.MuteChosen(target)))]),
        };
    }

    public static AppState AskHowLong(AppState s, MuteTarget target) => s with
    {
        Dialog = new Dialog.Choosing($"Mute {target.Name}: nothing of it counts as new",
        [
            new("for 1 hour", "", new Msg.MuteTold(target, true, TimeSpan.FromHours(1))),
            new("for 8 hours", "", new Msg.MuteTold(target, true, TimeSpan.FromHours(8))),
            new("for 1 day", "", new Msg.MuteTold(target, true, TimeSpan.FromDays(1))),
            new("for good", "", new Msg.MuteTold(target, true, null)),
            new("not, or no longer", "", new Msg.MuteTold(target, false, null)),
        ])
        { IsNumbered = true },
    };

    /// <summary>The tray alone knows what is muted; when a mute ends by itself, it is asked again.</summary>
    public static AppState Told(AppState s, Outcome.Muted muted) =>
        (s with { TrayStale = true, MutesEnd = muted.Until is { } until ? s.MutesEnd.Add(until) : s.MutesEnd }).Say(muted.Words);

    public static AppState Expire(AppState s) => s.MutesEnd.IsEmpty || s.MutesEnd.Min > s.Now ? s : s with
    {
        TrayStale = true,
        MutesEnd = s.MutesEnd.Except(s.MutesEnd.Where(end => end <= s.Now)),
    };

    private static string Describe(AppState s, MuteTarget target) => target switch
    {
        { Handle: { } handle } when s.Places.Any(place => place is { Item.Muted: true } && place.Key.Handle == handle) => "is muted, or all its stories are",
        { Handle: not null } => "their stories",
        { Tag: not null } => "whoever posts them",
        _ => "until it is taken back, or for a time",
    };
}
