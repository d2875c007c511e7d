using System.Collections.Immutable;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Cards;

/// <summary>Text cards: loading the whole of a long one, and scrolling.</summary>
internal static class TextCards
{
    /// <summary>Whether the story has only the beginning of its card.</summary>
    public static bool IsCut(Story story) =>
        story is { Kind: StoryKinds.Text, Text: { } text, Media.Bytes: <= Limits.TextBytes }
        && Encoding.UTF8.GetByteCount(text) < story.Media.Bytes;

    /// <summary>Whether all of the card is loaded.</summary>
    public static bool IsWhole(Model model, Story story) =>
        !IsCut(story) || model.Loaded.Details.GetValueOrDefault(story.Id)?.Text is not null;

    /// <summary>The card, as much of it as is loaded.</summary>
    public static string TextOf(Model model, Story story) => model.Loaded.Details.GetValueOrDefault(story.Id)?.Text ?? story.Text ?? "";

    public static ImmutableArray<Line> Rows(string text, string? fileName, Box area) =>
        CardText.Rows(text, fileName, CardVm.Room(area).Width);

    /// <summary>Scrolls, not past the last row. The time of the card starts again.</summary>
    public static Model Scroll(Model model, int rows)
    {
        if (model.IsCovered || model.Shown is not { Kind: StoryKinds.Text } shown)
        {
            return model;
        }
        var all = Rows(TextOf(model, shown), shown.Media.FileName, model.Display.Area).Length;
        var to = Math.Clamp(model.Scrolled.Card + rows, 0, Math.Max(0, all - CardVm.Room(model.Display.Area).Height));
        return to == model.Scrolled.Card ? model : model with { Scrolled = model.Scrolled with { Card = to }, Elapsed = TimeSpan.Zero };
    }
}
