using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Chooses an emoji in the panel. Choosing the same emoji again removes the reaction.</summary>
internal sealed class ReactToStory() : StoryAction("react, or undo", "react", new ActionKey("react", "e"))
{
    protected override Model Start(Model model, Story shown) =>
        model with
        {
            Dialog = new Picker(Math.Max(0, Reactions.Emoji.ToList().IndexOf(shown.MyReaction ?? ""))) { StoryId = shown.Id },
        };

    public sealed record Picker(int At) : PanelDialog
    {
        public override string Hint => "← → choose   Enter reacts, or takes it back   Esc closes";

        public override IEnumerable<Line> Lines(int columns, int rows) =>
            [
                new([
                    .. Reactions.Emoji.SelectMany(
                        (emoji, i) => (Run[])[new(" ", Tone.Plain), new(emoji, i == At ? Tone.Chosen : Tone.Plain)]
                    ),
                ]),
            ];

        public override Model Press(Model model, EditKey key)
        {
            if (key == EditKey.Enter)
            {
                var chosen = Reactions.Emoji[At];
                return (model with { Dialog = null, Elapsed = TimeSpan.Zero }).Run(
                    new Send(StoryId!, chosen == model.Shown?.MyReaction ? null : chosen)
                );
            }
            var step = key switch
            {
                EditKey.Left or EditKey.Up or EditKey.BackTab => -1,
                EditKey.Right or EditKey.Down or EditKey.Tab => +1,
                _ => 0,
            };
            return model with { Dialog = this with { At = (At + step + Reactions.Emoji.Count) % Reactions.Emoji.Count } };
        }
    }

    /// <param name="StoryId">The story.</param>
    /// <param name="Emoji">The reaction; null takes it back.</param>
    public sealed record Send(string StoryId, string? Emoji) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            if (Emoji is not null)
            {
                return new StoryChanged(await context.Client.Conversation.ReactAsync(StoryId, Emoji, stop).ConfigureAwait(false), null);
            }
            await context.Client.Conversation.UnreactAsync(StoryId, stop).ConfigureAwait(false);
            return new StoryChanged(await context.Client.Stories.GetAsync(StoryId, stop).ConfigureAwait(false), null);
        }
    }
}
