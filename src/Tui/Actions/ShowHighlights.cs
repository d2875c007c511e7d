using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Lists the highlights of a person, and what the slot of the shown story had before.</summary>
internal sealed class ShowHighlights() : StoryAction("highlights of a person", null, new ActionKey("highlights", "H") { Classic = "h" })
{
    private const int StoriesMaximum = 200;

    public override bool WorksInArchive => true;

    protected override Model Start(Model model, Story shown) => Of(model, shown.Author.Handle, shown.Slot);

    public static Model Of(Model model, string handle, string? slot = null) =>
        ListDialog.Load(model, $"Highlights of @{handle}", new Load(handle, slot));

    /// <param name="Handle">Whose highlights.</param>
    /// <param name="Slot">A slot whose history is listed too.</param>
    public sealed record Load(string Handle, string? Slot = null) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var highlights = await context.Client.Highlights.ListAsync(Handle, stop).ConfigureAwait(false);
            return new ListLoaded(
                [
                    .. Slot is null
                        ? []
                        : (Choice[])[new(Slot, "what this slot showed before", new DialogMsg.Run(new OpenHistory(Handle, Slot)))],
                    .. highlights.Select(highlight => new Choice(
                        highlight.Name,
                        Counted.Stories(highlight.Count),
                        new DialogMsg.Run(new OpenHighlight(Handle, highlight.Name))
                    )),
                ],
                $"Highlights of @{Handle}"
            );
        }
    }

    public sealed record OpenHighlight(string Handle, string Name) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new AlbumFound(
                $"@{Handle} ★ {Name}",
                [.. await context.Client.Highlights.GetAsync(Handle, Name, stop).ConfigureAwait(false)],
                Highlight: Name
            );
    }

    public sealed record OpenHistory(string Handle, string Slot) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var history = await context
                .Client.Stories.ListAsync(
                    new()
                    {
                        Author = Handle,
                        Slot = Slot,
                        History = true,
                        Limit = StoriesMaximum,
                    },
                    stop
                )
                .ConfigureAwait(false);
            return new AlbumFound($"@{Handle} {Slot}, newest first", [.. history.Items]);
        }
    }
}
