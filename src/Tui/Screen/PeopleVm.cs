using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>A row of the list: a heading, or a place that a click opens.</summary>
internal sealed record PeopleLine(PlaceKey? Key, Line Line);

/// <summary>The list of people, in groups, moved so that the chosen one is visible.</summary>
internal sealed record PeopleVm(ImmutableArray<PeopleLine> Rows)
{
    private const int Indent = 3;

    public static PeopleVm From(Model model, int width, int height)
    {
        var rows = new List<PeopleLine>();
        var chosen = model.Tray.Chosen ?? model.Tray.Open;
        var at = 0;
        PlaceGroup? group = null;
        foreach (var place in model.Tray.Places)
        {
            if (place.Group != group)
            {
                group = place.Group;
                rows.Add(new(null, Line.Text(Cells.Cut(" " + Heading(place.Group), width), new(Tone.Dim, Style: InkStyle.Bold))));
            }
            if (place.Key == chosen)
            {
                at = rows.Count;
            }
            rows.Add(new(place.Key, Row(model, place, width)));
        }
        return new(Window(rows, at, width, height));
    }

    /// <summary>The frame of the list. For the person that was pointed at, it says when they posted last and what ends first.</summary>
    public static FrameVm Frame(Model model) =>
        new(
            [new("people", Tone.Plain)],
            [],
            model.Tray.IndexOf(model.Tray.Chosen) is var i and >= 0 ? [new(Times(model, model.Tray.Places[i].Item), Tone.Dim)] : [],
            model.Focus == Focus.People ? Tone.Accent : Tone.Dim
        );

    /// <summary>The age of the newest story, and the time left of the first that expires.</summary>
    public static string Times(Model model, TrayItem item) =>
        Format.Ago(model.Now - item.LatestAt) + (item.FirstExpiryAt is { } end ? $" · {Format.Left(end - model.Now)}" : "");

    /// <summary>The place in a row; null for a heading, and where there is none.</summary>
    public PlaceKey? At(int y) => y >= 0 && y < Rows.Length ? Rows[y].Key : null;

    public bool Equals(PeopleVm? other) => other is not null && Rows.AsSpan().SequenceEqual(other.Rows.AsSpan());

    public override int GetHashCode() => Rows.Length;

    private static string Heading(PlaceGroup group) =>
        group switch
        {
            PlaceGroup.New => "NEW",
            PlaceGroup.Pipelines => "PIPELINES",
            _ => "SEEN",
        };

    private static Line Row(Model model, Place place, int width)
    {
        var (mark, name, help, unseen) = PlaceVm.From(model.Session.Me, place, inFull: true);
        var (isOpen, isPointedAt) = (place.Key == model.Tray.Open, place.Key == model.Tray.Chosen);
        // After the name: help, then how much is new, or for a pipeline how old it is.
        var tail =
            place.Group == PlaceGroup.Pipelines ? new Run(Format.Span(model.Now - place.Item.LatestAt), Tone.Dim)
            : unseen.Text.Length > 0 ? unseen
            : new Run($"{place.Item.Total}", Tone.Dim);
        var after = (help.Text.Length > 0 ? 2 : 0) + Cells.Columns(tail.Text) + 1;
        var label = Cells.Cut(name.Text, Math.Max(1, width - Indent - after - 1));
        var gap = Math.Max(1, width - Indent - Cells.Columns(label) - after);
        var line = Line.Of(
            new(isOpen ? "▌" : " ", Tone.Accent),
            mark,
            new(" ", Tone.Plain),
            name with
            {
                Text = label,
                Ink = isOpen ? Tone.Strong : name.Ink,
            },
            new(new(' ', gap), Tone.Plain),
            help,
            new(help.Text.Length > 0 ? " " : "", Tone.Plain),
            tail,
            new(" ", Tone.Plain)
        );
        return isPointedAt ? Line.Text(line.ToString(), Tone.Chosen) : line;
    }

    /// <summary>The rows around the chosen one. The first and the last of them say how many are cut.</summary>
    private static ImmutableArray<PeopleLine> Window(List<PeopleLine> rows, int at, int width, int height)
    {
        if (rows.Count <= height || height < 3)
        {
            return [.. rows.Skip(Math.Max(0, Math.Min(at, rows.Count - height))).Take(Math.Max(0, height))];
        }
        var top = Math.Clamp(at - height / 2, 0, rows.Count - height);
        var shown = rows.GetRange(top, height);
        if (top > 0)
        {
            shown[0] = new(null, Mark($" ▲ {Places(rows, 0, top + 1)} more", width));
        }
        if (top + height < rows.Count)
        {
            shown[^1] = new(null, Mark($" ▼ {Places(rows, top + height - 1, rows.Count)} more", width));
        }
        return [.. shown];
    }

    private static int Places(List<PeopleLine> rows, int from, int to) => rows.GetRange(from, to - from).Count(row => row.Key is not null);

    private static Line Mark(string text, int width) => Line.Text(Cells.Cut(text, width), Tone.Dim);
}
