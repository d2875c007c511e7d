using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>How waiting for a story ended, for as long as the terminal UI runs.</summary>
internal sealed record Waited(bool Passed, string Words);

/// <summary>Waits in the background until a story has what it needs to go on, as <c>stories wait</c> does.</summary>
internal static class Gates
{
    private const string Acks = "acks",
        Replies = "replies",
        Votes = "votes",
        Longest = "longest";

    public static Deed.Wait? Of(AppState s, string storyId) => s.Deeds.OfType<Deed.Wait>().FirstOrDefault(wait => wait.StoryId == storyId);

    /// <summary>How far a story is that is waited for, and for how long; null for others.</summary>
    public static string? Describe(AppState s, Story story) =>
        Of(s, story.Id) is { } wait
            ? wait.Gate.Describe(story) + (wait.Until is { } until ? $" · {Words.Span(until - s.Now)} left" : "")
            : null;

    /// <summary>What it shall have, or whether to stop waiting.</summary>
    public static AppState Ask(AppState s, Story shown) =>
        s with
        {
            Dialog = Of(s, shown.Id) is { } wait
                ? new Dialog.Choosing($"Waiting for {wait.Gate.Describe(shown)}", [new("stop waiting", "", new Msg.WaitingEnded(shown.Id))])
                {
                    IsNumbered = true,
                    StoryId = shown.Id,
                }
                : Form(shown),
        };

    public static AppState Stop(AppState s, string storyId) =>
        (s with { Dialog = null, Deeds = s.Deeds.RemoveAll(deed => deed is Deed.Wait wait && wait.StoryId == storyId) }).Say(
            "Waiting no longer."
        );

    public static (Deed?, string?) Read(AppState s, Dialog.Filling form)
    {
        if (s.Places.SelectMany(place => place.Stories).FirstOrDefault(story => story.Id == form.StoryId) is not { } story)
        {
            return (null, "That story is gone.");
        }
        if ((Fault(form, Acks, "Acked by") ?? Fault(form, Replies, "Replies")) is { } fault)
        {
            return (null, fault);
        }
        if (form[Votes].Length > 0 && PollGate.Read(form[Votes]) is null)
        {
            return (null, $"Votes: \"{form[Votes]}\" is no condition: an option and how many votes it needs, such as yes>=2.");
        }
        if (form[Longest].Length > 0 && !(Durations.TryParse(form[Longest], out var time) && time > TimeSpan.Zero))
        {
            return (null, $"At most: \"{form[Longest]}\" is no time: write 10m or 2h.");
        }
        var gate = new Gate(Number(form[Acks]), Number(form[Replies]), form[Votes].Length > 0 ? PollGate.Read(form[Votes]) : null);
        if (gate.IsEmpty)
        {
            return (null, "Say what it shall have: acknowledgements, replies or votes.");
        }
        try
        {
            gate.Look(story);
        }
        catch (PollException e)
        {
            return (null, e.Message);
        }
        return (new Deed.Wait(story, gate, Durations.TryParse(form[Longest], out var longest) ? s.Now + longest : null), null);
    }

    /// <summary>The form closes, and the waiting goes on behind whatever is looked at.</summary>
    public static AppState Start(AppState s, Deed.Wait wait) =>
        (s with { Dialog = null, Elapsed = TimeSpan.Zero, Waited = s.Waited.Remove(wait.StoryId) })
            .Do(wait)
            .Say($"Waiting: {wait.Gate.Describe(wait.Story)}.");

    /// <summary>Rings too: whoever waits may look elsewhere.</summary>
    public static AppState Tell(AppState s, Outcome.Waited waited) =>
        (s with { Bells = s.Bells + 1, Waited = s.Waited.SetItem(waited.Story.Id, new(waited.Passed, waited.Words)) }).Say(
            $"{(waited.Passed ? "✓" : "✗")} \"{Live.Title(waited.Story)}\": {waited.Words}",
            TimeSpan.FromMinutes(1)
        );

    private static Dialog.Filling Form(Story story) =>
        new("Ring once this story has", "Wait", [.. Fields(story)]) { StoryId = story.Id, For = FormFor.Gate };

    private static IEnumerable<FormField> Fields(Story story)
    {
        yield return new(Acks, "Acked by", "how many, such as 2", TextEdit.Empty);
        yield return new(Replies, "Replies", "how many", TextEdit.Empty);
        if (story.Poll is { } poll)
        {
            yield return new(Votes, "Votes", $"an option and how many: {CleanText.OneLine(poll.Options[0].Text)}>=2", TextEdit.Empty);
        }
        yield return new(Longest, "At most", "10m, 2h; until you quit unless told", TextEdit.Empty);
    }

    private static string? Fault(Dialog.Filling form, string name, string label) =>
        form[name].Length == 0 || Number(form[name]) is not null
            ? null
            : $"{label}: \"{form[name]}\" is no whole number from 1 to {int.MaxValue}.";

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
