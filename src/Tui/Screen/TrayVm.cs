using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>One place as the tray shows it, and the columns where a click opens it.</summary>
internal sealed record TrayEntry(PlaceKey Key, int X, int Width, Line Line);

/// <summary>Everything that the tray depends on: equal inputs look the same.</summary>
internal readonly record struct TrayInput(ImmutableArray<Place> Places, PlaceKey? Open, PlaceKey? Chosen, string? Me, int Width);

/// <summary>The row of people, scrolled so that the chosen one is visible.</summary>
internal sealed record TrayVm(ImmutableArray<TrayEntry> Entries, PlaceKey? Before, PlaceKey? After, int Columns)
{
    private const int Margin = 2;
    private const int Gap = 3;
    private const int TimesFrom = 56;

    public static TrayVm Empty { get; } = new([], null, null, 0);

    public static TrayVm From(Model model, int width)
    {
        var chosen = model.Tray.IndexOf(model.Tray.Chosen ?? model.Tray.Open);
        var lines = model.Tray.Places.Select((place, i) => Show(model, place, i == chosen, width - 2 * Margin)).ToArray();
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
            entries.Add(new(model.Tray.Places[i].Key, x, columns[i], lines[i]));
            x += columns[i] + Gap;
        }
        var next = first + entries.Count;
        return new(
            entries.ToImmutable(),
            first > 0 ? model.Tray.Places[first - 1].Key : null,
            next < lines.Length ? model.Tray.Places[next].Key : null,
            width
        );
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

    private static Line Show(Model model, Place place, bool chosen, int width)
    {
        var item = place.Item;
        // Muted stories do not call for attention.
        var failed = item is { Status: "failed", Muted: false };
        var ring =
            item.Muted ? "◌"
            : place.Unseen > 0 ? "◉"
            : "○";
        var help =
            place.OpenHelp > 0 ? " help"
            : place.IsHelped ? " ✓"
            : "";
        var tail =
            failed ? " ✗"
            : item.Slot is null && place.Unseen > 0 ? $" {place.Unseen}"
            : "";
        var name = item.Author.Handle == model.Session.Me ? "you" : item.Author.Handle;
        var label = SafeText.OneLine(
            item.Slot is null ? name
            : place.IsAlbum ? item.Slot
            : $"{name} {item.Slot}"
        );
        // For the open place the panel says it.
        var times = chosen && place.Key == model.Tray.Chosen && !item.Muted && width >= TimesFrom ? $" {Times(model, item)}" : "";
        var tone =
            chosen ? Tone.Chosen
            : place.Unseen > 0 ? Tone.Strong
            : Tone.Dim;
        return Line.Of(
            new(
                ring,
                failed ? Tone.Bad
                    : place.Unseen > 0 ? Tone.Accent
                    : Tone.Dim
            ),
            new(" ", Tone.Plain),
            new(Cells.Cut(label, Math.Max(1, width - 2 - Cells.Columns(tail + help + times))), tone),
            new(tail, failed ? Tone.Bad : Tone.Accent),
            new(help, place.OpenHelp > 0 ? Tone.Bad : Tone.Good),
            new(times, Tone.Dim)
        );
    }

    /// <summary>The age of the newest story, and the time left of the first that expires.</summary>
    private static string Times(Model model, TrayItem item) =>
        Format.Ago(model.Now - item.LatestAt) + (item.FirstExpiryAt is { } end ? $" · {Format.Left(end - model.Now)}" : "");
}
