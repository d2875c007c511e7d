using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.App;

/// <summary>Nobody has anything new when the terminal UI starts: it opens no story, and shows what the last day brought.</summary>
internal static class CaughtUp
{
    private const int DigestRows = 40;

    public static Model Begin(Model model)
    {
        model = Navigation.Show(model, null, null);
        return (model with { Tray = model.Tray with { IsCaughtUp = true } }).Run(new LoadDigest());
    }

    /// <summary>The first place with something new, which may have come meanwhile; otherwise the first of all.</summary>
    public static Model Leave(Model model) =>
        (model.Tray.Places.FirstOrDefault(place => place.Unseen > 0) ?? model.Tray.Places.FirstOrDefault()) is { } place
            ? Navigation.Enter(model, place, Entry.FirstUnseen)
            : model;

    /// <summary>Rows of the digest, the newest first.</summary>
    public static ImmutableArray<Line> Rows(ImmutableArray<Choice> choices) =>
        [
            .. choices
                .Take(DigestRows)
                .Select(choice => new Line([
                    .. choice.Lead.Runs,
                    new(SafeText.OneLine(choice.Label), Tone.Strong),
                    new($"  {SafeText.OneLine(choice.Detail)}", Tone.Plain),
                ])),
        ];

    private sealed record LoadDigest : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new DigestLoaded(
                Rows(ShowDigest.List(await context.Client.Digests.GetAsync(cancel: stop).ConfigureAwait(false), context.Zone).Choices)
            );
    }

    internal sealed record DigestLoaded(ImmutableArray<Line> Rows) : CommandResult
    {
        public override Model Update(Model model, bool awaited) => model with { Loaded = model.Loaded with { Digest = Rows } };
    }
}
