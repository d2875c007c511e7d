using System.Collections.Immutable;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>One place as the row of people shows it, and the columns where a click opens it.</summary>
internal sealed record TrayEntry(PlaceKey Key, int X, int Width, Line Line);

/// <summary>Everything that row and list of people depend on: equal inputs look the same.</summary>
internal readonly record struct TrayInput(
    ImmutableArray<Place> Places,
    PlaceKey? Open,
    PlaceKey? Chosen,
    string? Me,
    int Width,
    int Height,
    long Minute
);

/// <summary>The row of people on a narrow screen, moved so that the chosen one is visible. Groups are parted by a bar.</summary>
internal sealed record TrayVm(ImmutableArray<TrayEntry> Entries, PlaceKey? Before, PlaceKey? After, int Columns)
{
    private const int Margin = 2;
    private const int Gap = 2;
    private const string Bar = "│ ";

    public static TrayVm Empty { get; } = new([], null, null, 0);

    public static TrayVm From(Model model, int width)
    {
        var places = model.Tray.Places;
        var chosen = model.Tray.IndexOf(model.Tray.Chosen ?? model.Tray.Open);
        var lines = places
            .Select((place, i) => Show(model, place, i == chosen, width - 2 * Margin, i > 0 && places[i - 1].Group != place.Group))
            .ToArray();
        var columns = lines.Select(line => line.Columns).ToArray();
        var first = 0;
        var used = columns.Take(chosen + 1).Sum() + chosen * Gap;
        while (first < chosen && used > width - 2 * Margin)
        {
            used -= columns[first++] + Gap;
        }
        var entries = ImmutableArray.CreateBuilder<TrayEntry>();
        var x = Margin;
        for (var i = first; i < lines.Length && x + columns[i] <= width - Margin; i++)
        {
            entries.Add(new(places[i].Key, x, columns[i], lines[i]));
            x += columns[i] + Gap;
        }
        var next = first + entries.Count;
        return new(entries.ToImmutable(), first > 0 ? places[first - 1].Key : null, next < lines.Length ? places[next].Key : null, width);
    }

    public bool MoreLeft => Before is not null;

    public bool MoreRight => After is not null;

    /// <summary>The place under a column. A gap belongs to the place before it; an arrow at the edge to the next place there.</summary>
    public PlaceKey? At(int x) =>
        x < Margin ? Before
        : x >= Columns - Margin && After is { } after ? after
        : Entries.FirstOrDefault(entry => x >= entry.X && x < entry.X + entry.Width + Gap)?.Key;

    public bool Equals(TrayVm? other) =>
        other is not null
        && Before == other.Before
        && After == other.After
        && Columns == other.Columns
        && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    public override int GetHashCode() => Entries.Length;

    private static Line Show(Model model, Place place, bool chosen, int width, bool beginsGroup)
    {
        var (mark, name, help, unseen) = PlaceVm.From(model.Session.Me, place, inFull: false);
        var tail = unseen.Text.Length > 0 && place.Item.Slot is null ? $" {unseen.Text}" : "";
        var bar = beginsGroup ? Bar : "";
        var room = width - Cells.Columns(bar) - 1 - Cells.Columns(help.Text + tail);
        return Line.Of(
            new(bar, Tone.Dim),
            mark,
            new(Cells.Cut(name.Text, Math.Max(1, room)), chosen ? Tone.Chosen : name.Ink),
            help,
            unseen with
            {
                Text = tail,
            }
        );
    }
}
