using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

/// <summary>A dialog or the help over the screen: framed, in the middle, with its title and its keys in the border.</summary>
/// <param name="Area">Where it is.</param>
/// <param name="Lines">All of its rows, with the border.</param>
/// <param name="Spots">Where clicks on its last row do what keys do.</param>
internal sealed record BoxVm(Area Area, ImmutableArray<Line> Lines, ImmutableArray<Spot> Spots)
{
    private const int BorderColumns = 4,
        BorderRows = 2,
        NarrowestFrame = 24,
        LowestFrame = 6;

    private const string HelpHint = "Esc closes",
        LongHelpHint = "↑ ↓ scroll   Esc closes";

    public static BoxVm Nothing { get; } = new(default, [], []);

    public static BoxVm From(Model model, ScreenLayout layout) =>
        model switch
        {
            { Help: true } => Help(model, layout.Body),
            { Dialog: { IsInPanel: false } dialog } => Framed(
                layout.Body,
                DialogVm.Title(dialog),
                FooterVm.HintOf(dialog),
                Content(dialog, Room(layout.Body)),
                key => new InputMsg.Edited(key)
            ),
            _ => Nothing,
        };

    /// <summary>The room inside the largest box.</summary>
    public static Box Room(Area body) =>
        IsFramed(body) ? new(body.Width - BorderColumns, body.Height - BorderRows) : new(Math.Max(0, body.Width), Math.Max(0, body.Height));

    /// <summary>What a click there does.</summary>
    public Msg? At(int x, int y) =>
        y == Lines.Length - 1
            ? Spots.Where(spot => x >= spot.X && x < spot.X + spot.Width).Select(spot => spot.Msg).FirstOrDefault()
            : null;

    public bool Equals(BoxVm? other) =>
        other is not null
        && Area == other.Area
        && Lines.AsSpan().SequenceEqual(other.Lines.AsSpan())
        && Spots.AsSpan().SequenceEqual(other.Spots.AsSpan());

    public override int GetHashCode() => Area.GetHashCode();

    private static bool IsFramed(Area body) => body is { Width: >= NarrowestFrame, Height: >= LowestFrame };

    private static BoxVm Help(Model model, Area body)
    {
        var room = Room(body);
        var area = new Box(Math.Min(room.Width, HelpVm.WidestColumns), room.Height);
        var keys = model.Session.Keys.For(model.Session.Restricted);
        return Framed(
            body,
            "keys",
            HelpVm.IsWhole(keys, area) ? HelpHint : LongHelpHint,
            (area.Width, HelpVm.From(keys, area, model.Scrolled.Help)),
            Pressed
        );
    }

    private static (int Columns, ImmutableArray<Line> Lines) Content(Dialog dialog, Box room)
    {
        var columns = DialogVm.Columns(dialog, room.Width);
        return (columns, DialogVm.From(dialog, new(columns, room.Height)));
    }

    private static BoxVm Framed(
        Area body,
        string title,
        string hint,
        (int Columns, ImmutableArray<Line> Lines) content,
        Func<EditKey, Msg> press
    )
    {
        if (!IsFramed(body))
        {
            return new(body, [.. content.Lines.Take(body.Height)], []);
        }
        // A free row above and below where there is plenty of room.
        var rows = content.Lines.Length + BorderRows + 2 <= body.Height - 4 ? [Line.Empty, .. content.Lines, Line.Empty] : content.Lines;
        var (width, height) = (content.Columns + BorderColumns, rows.Length + BorderRows);
        var keys = Fitted(hint, width - BorderColumns - 2);
        var frame = new FrameVm([new(SafeText.OneLine(title), Tone.Strong)], [], [new(keys, Tone.Dim)], Tone.Accent);
        return new(
            new(body.X + (body.Width - width) / 2, body.Y + (body.Height - height) / 2, width, height),
            [frame.Top(width), .. rows.Select(line => frame.Around(line, width)), frame.Bottom(width)],
            [.. FooterVm.HintSpots(keys, press).Select(spot => spot with { X = spot.X + 2 })]
        );
    }

    /// <summary>The keys of a hint that fit. The last one, which leads out, stays.</summary>
    private static string Fitted(string hint, int columns)
    {
        var parts = hint.Split(FooterVm.Gap).ToList();
        while (parts.Count > 1 && Cells.Columns(string.Join(FooterVm.Gap, parts)) > columns)
        {
            parts.RemoveAt(parts.Count - 2);
        }
        return Cells.Cut(string.Join(FooterVm.Gap, parts), columns);
    }

    private static Msg Pressed(EditKey key) =>
        key switch
        {
            EditKey.Up => new InputMsg.Start(new ChoosePerson(), -1),
            EditKey.Down => new InputMsg.Start(new ChoosePerson(), +1),
            _ => CloseOpen.Msg,
        };
}
