using System.Collections.Immutable;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Screen;

/// <summary>The server, the number of new stories, and the connection.</summary>
internal static class HeaderVm
{
    private const string Help = "? help ";

    /// <summary>What a click there does: on the last word it opens the help.</summary>
    public static Msg? At(Model model, int width, int x) =>
        x >= width - Help.Length && From(model, width).Runs is [.., { Text: Help }] ? ToggleHelp.Msg : null;

    public static Line From(Model model, int width)
    {
        var fresh = model.Tray.Places.Where(place => place.Key.Handle != model.Session.Me).Sum(place => place.Unseen);
        var (state, tone) = model.Link.Connection switch
        {
            Connection.Live => ("● live", Tone.Good),
            Connection.Offline => ("● offline", Tone.Bad),
            Connection.Reconnecting => ("● reconnecting", Tone.Accent),
            Connection.SignedOut => ("● signed out", Tone.Bad),
            _ => ("● connecting", Tone.Dim),
        };
        var tail = ImmutableArray.CreateBuilder<Run>();
        if (fresh > 0)
        {
            tail.Add(new($"   {fresh} new", Tone.Strong));
        }
        tail.Add(new($"   {state}", tone));
        if (model.Paused)
        {
            tail.Add(new("   paused", Tone.Strong));
        }
        var room = width - 1 - tail.Sum(run => Cells.Columns(run.Text));
        var server = SafeText.OneLine(model.Session.Server);
        var name = Cells.Columns($"stories · {server}") <= room ? $"stories · {server}" : Cells.Cut(server, room);
        var line = new Line([new(" ", Tone.Plain), new(name, Tone.Strong), .. tail]);
        var gap = width - line.Columns - Help.Length;
        return gap < 2 ? line : new([.. line.Runs, new(new(' ', gap), Tone.Plain), new(Help, Tone.Dim)]);
    }
}
