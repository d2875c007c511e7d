using System.Collections.Immutable;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Moves the shown story one place forwards or backwards in the viewer's own highlight.</summary>
internal sealed class ReorderHighlight()
    : TuiAction(
        "move in a highlight",
        null,
        new("earlier", "<", -1) { Help = "move to the front in a highlight" },
        new("later", ">", +1) { Help = "move to the back in a highlight" }
    )
{
    public override bool Applies(Model model) =>
        model is { Tray.OpenPlace.Highlight: not null, Shown: { } shown } && shown.Author.Handle == model.Session.Me;

    public override Model Start(Model model, int step)
    {
        if (
            model is not { Tray.OpenPlace: { Highlight: { } highlight } place, Shown: { } shown }
            || shown.Author.Handle != model.Session.Me
        )
        {
            return model.Notify($"Only a highlight of your own can be put in order: {model.Session.Keys.Label("highlights")} opens it.");
        }
        var at = place.IndexOf(shown.Id);
        return at + step < 0 || at + step >= place.Stories.Length
            ? model
            : model.Run(new Order(highlight, [.. place.Stories.RemoveAt(at).Insert(at + step, shown).Select(story => story.Id)]));
    }

    /// <summary>Gives the viewer's own highlight this order.</summary>
    public sealed record Order(string Highlight, ImmutableArray<string> StoryIds) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var me = await context.Client.Accounts.GetMeAsync(stop).ConfigureAwait(false);
            await context.Client.Highlights.OrderAsync(me.Handle, Highlight, [.. StoryIds], stop).ConfigureAwait(false);
            return new Ordered(StoryIds);
        }
    }

    public sealed record Ordered(ImmutableArray<string> StoryIds) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            model.Tray.OpenPlace is not { Highlight: not null } album
                ? model
                : model.With(album with { Stories = [.. album.Stories.OrderBy(story => StoryIds.IndexOf(story.Id))] }).Notify("Moved.");
    }
}
