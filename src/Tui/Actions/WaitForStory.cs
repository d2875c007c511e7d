using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Waits in the background until a story has enough acknowledgements, replies or votes, as <c>stories wait</c> does.</summary>
internal sealed class WaitForStory() : StoryAction("wait for acks or votes", null, new ActionKey("wait", "w"))
{
    private const string Acks = "acks",
        Replies = "replies",
        Votes = "votes",
        Longest = "longest";

    /// <summary>Opens the form, or asks whether to stop if it waits already.</summary>
    protected override Model Start(Model model, Story shown) =>
        model with
        {
            Dialog = Find(model, shown.Id) is { } wait
                ? new ListDialog($"Waiting for {wait.Gate.Describe(shown)}", [new("stop waiting", "", new StopChosen(shown.Id))])
                {
                    IsNumbered = true,
                    Frame = "wait",
                    StoryId = shown.Id,
                }
                : new Form(shown),
        };

    /// <summary>How far a story is, and how much time is left; null if nobody waits for it.</summary>
    public static string? Describe(Model model, Story story) =>
        Find(model, story.Id) is { } wait
            ? wait.Gate.Describe(story) + (wait.Until is { } until ? $" · {Format.Left(until - model.Now)}" : "")
            : null;

    private static Wait? Find(Model model, string storyId) =>
        model.Commands.OfType<Wait>().FirstOrDefault(wait => wait.Story.Id == storyId);

    private sealed record StopChosen(string StoryId) : ActionMsg
    {
        public override Model Update(Model model) =>
            (
                model with
                {
                    Dialog = null,
                    Commands = model.Commands.RemoveAll(command => command is Wait wait && wait.Story.Id == StoryId),
                }
            ).Notify("Stopped waiting.");
    }

    private sealed record Form : FormDialog
    {
        public Form(Story story)
            : base("Ring once this story has", "Wait", [.. FieldsOf(story)]) => StoryId = story.Id;

        /// <summary>The form closes, and the wait goes on in the background.</summary>
        protected override Model Submit(Model model)
        {
            var (wait, fault) = Read(model);
            return wait is null
                ? Refuse(model, fault!)
                : (
                    model with
                    {
                        Dialog = null,
                        Elapsed = TimeSpan.Zero,
                        Marks = model.Marks with { Waited = model.Marks.Waited.Remove(wait.Story.Id) },
                    }
                )
                    .Run(wait)
                    .Notify($"Waiting: {wait.Gate.Describe(wait.Story)}.");
        }

        private (Wait?, string?) Read(Model model)
        {
            if (model.Tray.Places.SelectMany(place => place.Stories).FirstOrDefault(story => story.Id == StoryId) is not { } story)
            {
                return (null, "That story is gone.");
            }
            if ((NumberFault(Acks, "Acked by") ?? NumberFault(Replies, "Replies")) is { } fault)
            {
                return (null, fault);
            }
            if (this[Votes].Length > 0 && PollGate.Read(this[Votes]) is null)
            {
                return (null, $"Votes: \"{this[Votes]}\" is no condition: an option and how many votes it needs, such as yes>=2.");
            }
            if (this[Longest].Length > 0 && !(Durations.TryParse(this[Longest], out var time) && time > TimeSpan.Zero))
            {
                return (null, $"At most: \"{this[Longest]}\" is no time: write 10m or 2h.");
            }
            var gate = new Gate(Number(this[Acks]), Number(this[Replies]), this[Votes].Length > 0 ? PollGate.Read(this[Votes]) : null);
            if (gate.IsEmpty)
            {
                return (null, "Enter how many acknowledgements, replies or votes to wait for.");
            }
            try
            {
                gate.Look(story);
            }
            catch (PollException e)
            {
                return (null, e.Message);
            }
            return (new Wait(story, gate, Durations.TryParse(this[Longest], out var longest) ? model.Now + longest : null), null);
        }

        private string? NumberFault(string name, string label) =>
            this[name].Length == 0 || Number(this[name]) is not null
                ? null
                : $"{label}: \"{this[name]}\" is no whole number from 1 to {int.MaxValue}.";

        private static int? Number(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

        private static IEnumerable<FormField> FieldsOf(Story story)
        {
            yield return new(Acks, "Acked by", "how many, such as 2", TextEdit.Empty);
            yield return new(Replies, "Replies", "how many", TextEdit.Empty);
            if (story.Poll is { } poll)
            {
                yield return new(Votes, "Votes", $"an option and how many: {CleanText.OneLine(poll.Options[0].Text)}>=2", TextEdit.Empty);
            }
            yield return new(Longest, "At most", "10m, 2h (default: until you quit)", TextEdit.Empty);
        }
    }

    /// <summary>The server tells by an event stream of its own: nothing polls.</summary>
    /// <param name="Story">As it was when the wait began.</param>
    /// <param name="Gate">What it needs.</param>
    /// <param name="Until">When the wait ends anyway; null: when the terminal UI ends.</param>
    public sealed record Wait(Story Story, Gate Gate, DateTimeOffset? Until) : Command
    {
        public override bool IsLong => true;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (Until is { } until)
            {
                var left = until - context.Now;
                late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
            try
            {
                var (story, state) = await context.Client.Events.WaitAsync(Story.Id, Gate, cancel: late.Token).ConfigureAwait(false);
                var words = Gate.Describe(story);
                return state == GateState.Passed
                    ? new Ended(story, true, words)
                    : new Ended(story, false, $"the poll was closed with {words}");
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return new Ended(Story, false, "the time is over");
            }
            catch (ApiException e) when (e.Status is 404 or 410)
            {
                return new Ended(Story, false, "it is gone");
            }
            catch (Exception e) when (e is ApiException or ServerUnreachableException)
            {
                return new Ended(Story, false, $"waiting has ended: {e.Message}");
            }
        }
    }

    /// <summary>Rings too: the viewer may be looking elsewhere.</summary>
    public sealed record Ended(Story Story, bool Passed, string Text) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            (
                model with
                {
                    Output = model.Output with { Bells = model.Output.Bells + 1 },
                    Marks = model.Marks with { Waited = model.Marks.Waited.SetItem(Story.Id, new(Passed, Text)) },
                }
            ).Notify($"{(Passed ? "✓" : "✗")} \"{Format.Title(Story)}\": {Text}", TimeSpan.FromMinutes(1));
    }
}

/// <summary>How waiting for a story ended, for as long as the terminal UI runs.</summary>
internal sealed record WaitResult(bool Passed, string Text);
