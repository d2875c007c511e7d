using System.Collections.Immutable;

namespace StoriesCli.Tui.Screen;

/// <summary>A border with titles in it: on top at the left and at the right, and below.</summary>
/// <param name="Title">At the top left.</param>
/// <param name="Right">At the top right; it keeps its room.</param>
/// <param name="Below">At the bottom left.</param>
/// <param name="Ink">Of the border itself.</param>
internal sealed record FrameVm(ImmutableArray<Run> Title, ImmutableArray<Run> Right, ImmutableArray<Run> Below, Ink Ink)
{
    /// <summary>Columns of the top row that titles cannot have: corners, and the spaces around them.</summary>
    public const int BesideTitles = 9;

    /// <summary>By how many columns a frame's content has to be wider than its title for the title to fit.</summary>
    public const int AroundTitle = 3;

    private const int Corner = 2;

    /// <summary>The top row, with its corners.</summary>
    public Line Top(int width) => Row('╭', '╮', Title, Right, width);

    /// <summary>The bottom row, with its corners.</summary>
    public Line Bottom(int width) => Row('╰', '╯', Below, [], width);

    /// <summary>One column of a side.</summary>
    public ImmutableArray<Line> Side(int height) => [.. Enumerable.Repeat(Line.Text("│", Ink), Math.Max(0, height))];

    /// <summary>Both sides around a row of content, which fills the width between them.</summary>
    public Line Around(Line content, int width)
    {
        var room = Math.Max(0, width - 4 - content.Columns);
        return new([new("│ ", Ink), .. content.Runs, new(new(' ', room), Tone.Plain), new(" │", Ink)]);
    }

    public bool Equals(FrameVm? other) =>
        other is not null
        && Ink == other.Ink
        && Title.AsSpan().SequenceEqual(other.Title.AsSpan())
        && Right.AsSpan().SequenceEqual(other.Right.AsSpan())
        && Below.AsSpan().SequenceEqual(other.Below.AsSpan());

    public override int GetHashCode() => Title.Length;

    private Line Row(char first, char last, ImmutableArray<Run> left, ImmutableArray<Run> right, int width)
    {
        if (width < 2 * Corner)
        {
            return Line.Text(new(' ', Math.Max(0, width)), Tone.Plain);
        }
        // The text at the right is short and shows times, so it keeps its room.
        var room = width - 2 * Corner;
        var end = Padded(right, room);
        var title = Padded(left, room - end.Sum(run => Cells.Columns(run.Text)) - 1);
        var fill = room - title.Concat(end).Sum(run => Cells.Columns(run.Text));
        return new([new($"{first}─", Ink), .. title, new(new('─', fill), Ink), .. end, new($"─{last}", Ink)]);
    }

    /// <summary>With a space at each end; cut where there is less room, and left out where there is hardly any.</summary>
    private static ImmutableArray<Run> Padded(ImmutableArray<Run> runs, int room)
    {
        if (runs.IsDefaultOrEmpty || room < 5)
        {
            return [];
        }
        var kept = ImmutableArray.CreateBuilder<Run>();
        kept.Add(new(" ", Tone.Plain));
        room -= 2;
        foreach (var run in runs)
        {
            var text = Cells.Cut(run.Text, room);
            kept.Add(run with { Text = text });
            room -= Cells.Columns(text);
            if (room <= 0)
            {
                break;
            }
        }
        kept.Add(new(" ", Tone.Plain));
        return kept.ToImmutable();
    }
}
