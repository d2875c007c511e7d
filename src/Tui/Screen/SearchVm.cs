using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;

namespace StoriesCli.Tui.Screen;

/// <summary>The live search: what is typed, how much was found, the hits, and the chosen one below them where there is room.</summary>
internal static class SearchVm
{
    private const int HeightMaximum = 24,
        HeightForPreview = 12,
        PreviewRows = 5,
        AuthorColumns = 16,
        // More than fit on any row.
        Characters = 400;

    /// <summary>As high whatever is found, so that nothing moves while somebody types.</summary>
    public static IEnumerable<Line> From(SearchStories.HitList list, int width, int height)
    {
        height = Math.Min(height, HeightMaximum);
        var lines = Lines(list, width, height).ToArray();
        return lines.Concat(Enumerable.Repeat(Line.Empty, Math.Max(0, height - lines.Length)));
    }

    private static IEnumerable<Line> Lines(SearchStories.HitList list, int width, int height)
    {
        yield return WrittenText.Around(list.Text, "/ ", width, 1)[0];
        yield return Line.Text(Cells.Cut(SafeText.OneLine(State(list)), width), list.Error is null ? Tone.Dim : Tone.Bad);
        if (list.Hits.IsEmpty)
        {
            yield break;
        }
        var preview = height >= HeightForPreview ? PreviewRows + 1 : 0;
        var author = list.Hits.Max(hit => Cells.Columns(Author(hit.Story)));
        var age = list.Hits.Max(hit => hit.Age.Length);
        var rows = Math.Max(1, height - 2 - preview);
        foreach (var (hit, isChosen, mark) in PaletteVm.Window(list.Hits, list.At, rows))
        {
            var who = Author(hit.Story);
            yield return Line.Of(
                new(isChosen ? "▸ " : mark.PadRight(2), isChosen ? Tone.Accent : Tone.Dim),
                new(who + new string(' ', author - Cells.Columns(who) + 2), isChosen ? Tone.Strong : Tone.Plain),
                new(hit.Age.PadLeft(age) + "  ", Tone.Dim),
                new(Cells.Cut(SafeText.OneLine(Start(Words(hit.Story))), width - author - age - 6), isChosen ? Tone.Chosen : Tone.Plain)
            );
        }
        if (preview == 0)
        {
            yield break;
        }
        for (var i = list.Hits.Length; i < rows; i++)
        {
            yield return Line.Empty;
        }
        yield return Line.Text(new('─', width), Tone.Dim);
        foreach (var line in Cells.Wrap([new(CleanText.Lines(Start(Preview(list.Hits[list.At].Story))), Tone.Plain)], width, PreviewRows))
        {
            yield return line;
        }
    }

    private static string State(SearchStories.HitList list) =>
        list switch
        {
            { Error: { } error } => error,
            { Words.Length: 0 } => "words in captions, texts, tags and names",
            { IsSearching: true } => "searching…",
            { Hits.IsEmpty: true } => "nothing found",
            { HasMore: true } => $"{Counted.Stories(list.Hits.Length)} and more",
            _ => Counted.Stories(list.Hits.Length),
        };

    private static string Author(Story story) => Cells.Cut("@" + SafeText.OneLine(story.Author.Handle), AuthorColumns);

    private static string Words(Story story) => story.Caption ?? story.Text ?? story.Media.FileName ?? story.Kind;

    /// <summary>Both, as far as there are both.</summary>
    private static string Preview(Story story) =>
        string.Join('\n', new[] { story.Caption, story.Text }.Where(text => !string.IsNullOrWhiteSpace(text))) is { Length: > 0 } text
            ? text
            : story.Media.FileName ?? story.Kind;

    private static string Start(string text) => text[..Math.Min(text.Length, Characters)];
}
