using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>The server and the connection, which story of which place is shown, how many are new, and the keys that are always there.</summary>
internal sealed record HeaderVm(Line Line, ImmutableArray<Spot> Spots)
{
    private const int NameFromColumns = ScreenLayout.FramedFromColumns;

    /// <summary>What a click there does.</summary>
    public Msg? At(int x) => Spots.Where(spot => x >= spot.X && x < spot.X + spot.Width).Select(spot => spot.Msg).FirstOrDefault();

    public static HeaderVm From(Model model, int width)
    {
        var fresh = model.Tray.Places.Where(place => place.Key.Handle != model.Session.Me).Sum(place => place.Unseen);
        var (state, tone) = model.Link.Connection switch
        {
            Connection.Live => ("● live", Tone.Good),
            Connection.Offline => ("● offline", Tone.Bad),
            Connection.Reconnecting => ("● reconnecting", Tone.Accent),
            Connection.SignedOut => ("● signed out", Tone.Bad),
            Connection.None => ("○ no server yet", Tone.Dim),
            _ => ("● connecting", Tone.Dim),
        };
        var count = fresh > 0 ? $"   {fresh} new" : "";
        var room = width - 2 - Cells.Columns(state) - Cells.Columns(count);
        var server = SafeText.OneLine(model.Session.Server);
        var name = width >= NameFromColumns ? "stories  " : "";
        var left = ImmutableArray.CreateBuilder<Run>();
        left.Add(new(" ", Tone.Plain));
        left.Add(new(name, Tone.Accent));
        left.Add(new(Cells.Cut(server, room - Cells.Columns(name)), Tone.Strong));
        left.Add(new($" {state}", tone));
        // Parts without room are left out from the right: first the keys, then which story it is.
        var free = width - left.Sum(run => Cells.Columns(run.Text)) - Cells.Columns(count);
        var position = Cells.Cut(Position(model, width >= NameFromColumns), 40);
        if (position.Length > 0 && free >= Cells.Columns(position) + 3)
        {
            left.Add(new($"   {position}", Tone.Plain));
            free -= Cells.Columns(position) + 3;
        }
        var keys = model.Session.Keys;
        (string Text, Msg Msg)[] hints =
        [
            ($"   {keys.Label("search")} find", new InputMsg.Start(new SearchStories())),
            ($"   {keys.Label("help")} help", ToggleHelp.Msg),
        ];
        if (model.Link.Connection == Connection.None)
        {
            hints = [];
        }
        while (hints.Length > 0 && free < hints.Sum(hint => Cells.Columns(hint.Text)) + 2)
        {
            hints = hints[1..];
        }
        var gap = Math.Max(0, free - hints.Sum(hint => Cells.Columns(hint.Text)) - (hints.Length > 0 ? 1 : 0));
        var x = width - 1 - hints.Sum(hint => Cells.Columns(hint.Text));
        var spots = ImmutableArray.CreateBuilder<Spot>();
        foreach (var (text, msg) in hints)
        {
            spots.Add(new(x, Cells.Columns(text) + 1, msg));
            x += Cells.Columns(text);
        }
        return new(
            new([
                .. left,
                new(hints.Length > 0 ? new(' ', gap) : "", Tone.Plain),
                new(count, Tone.Strong),
                .. hints.Select(hint => new Run(hint.Text, Tone.Dim)),
            ]),
            spots.ToImmutable()
        );
    }

    public bool Equals(HeaderVm? other) => other is not null && Line == other.Line && Spots.AsSpan().SequenceEqual(other.Spots.AsSpan());

    public override int GetHashCode() => Line.GetHashCode();

    /// <summary>
    /// <c>ana 2/5</c>: the second of five stories of ana. While somebody else is pointed at, when they posted last, and what ends first;
    /// on a wide screen the list says that.
    /// </summary>
    private static string Position(Model model, bool isWide) =>
        !isWide && model.Tray.IndexOf(model.Tray.Chosen) is var chosen and >= 0
            ? $"{PlaceVm.From(model.Session.Me, model.Tray.Places[chosen], inFull: false).Name.Text} {PeopleVm.Times(model, model.Tray.Places[chosen].Item)}"
        : model.Tray.OpenPlace is { } place && place.IndexOf(model.ShownId) is var i and >= 0
            ? $"{PlaceVm.From(model.Session.Me, place, inFull: false).Name.Text} {i + 1}/{place.Stories.Length}"
        : "";
}
