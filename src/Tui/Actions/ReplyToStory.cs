using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Writes a reply in the panel and sends it. What was written survives a failed send, closing and other stories.</summary>
internal sealed class ReplyToStory() : StoryAction("reply", "reply", new ActionKey("reply", "r"))
{
    protected override bool Applies(Model model, Story shown) => shown.RepliesOn;

    protected override Model Start(Model model, Story shown) =>
        shown.RepliesOn
            ? model with
            {
                Dialog = new Editor(TextEdit.Of(model.Unsent.Replies.GetValueOrDefault(shown.Id))) { StoryId = shown.Id },
            }
            : model.Notify("This story takes no replies.");

    public sealed record Editor(TextEdit Text) : PanelDialog
    {
        public override bool TakesText => true;

        public override string Hint => "Enter sends   Esc closes, and keeps what is written";

        public override IEnumerable<Line> Lines(int columns, int rows)
        {
            IEnumerable<Line> state =
                Error is { } error ? Cells.Wrap([new(SafeText.OneLine(error), Tone.Bad)], columns, 2)
                : Command is not null ? [Line.Text("sending…", Tone.Dim)]
                : [];
            return state.Concat(WrittenText.Around(Text, "› ", columns, Math.Clamp(rows / 3, 1, 5)));
        }

        public override Model Type(Model model, string text) =>
            model with
            {
                Dialog = this with { Text = Text.Insert(CleanText.Lines(text)), Error = null },
            };

        public override Model Press(Model model, EditKey key) =>
            key switch
            {
                EditKey.Enter => SendText(model),
                EditKey.PageUp => Scrolling.Panel(model, -Math.Max(1, model.Display.Panel.Height / 2)),
                EditKey.PageDown => Scrolling.Panel(model, Math.Max(1, model.Display.Panel.Height / 2)),
                _ => model with { Dialog = this with { Text = Text.After(key) } },
            };

        public override Model Close(Model model) =>
            model with
            {
                Dialog = null,
                Elapsed = TimeSpan.Zero,
                Unsent = model.Unsent with
                {
                    Replies =
                        Text.Text.Length == 0 ? model.Unsent.Replies.Remove(StoryId!) : model.Unsent.Replies.SetItem(StoryId!, Text.Text),
                },
            };

        private Model SendText(Model model) =>
            string.IsNullOrWhiteSpace(Text.Text)
                ? model
                : Await(
                    model with
                    {
                        Unsent = model.Unsent with { Replies = model.Unsent.Replies.SetItem(StoryId!, Text.Text) },
                    },
                    new Send(StoryId!, Text.Text.Trim())
                );
    }

    public sealed record Send(string StoryId, string Text) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new Sent(StoryId, await context.Client.Conversation.ReplyAsync(StoryId, Text, stop).ConfigureAwait(false));
    }

    public sealed record Sent(string StoryId, Reply Reply) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            Details.AddReply(
                model.CloseDialog(awaited) with
                {
                    Unsent = model.Unsent with { Replies = model.Unsent.Replies.Remove(StoryId) },
                },
                StoryId,
                Reply,
                counts: true
            );
    }
}
