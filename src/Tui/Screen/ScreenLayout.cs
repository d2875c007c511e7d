using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

internal readonly record struct Area(int X, int Y, int Width, int Height)
{
    public Box Size => new(Width, Height);
}

/// <summary>
/// Where everything is. A wide screen has two framed regions: the people, and the story. On others a row of people stands above the story.
/// Pictures get the rows that the text below them leaves free.
/// </summary>
internal sealed record ScreenLayout
{
    public const int FramedFromColumns = 100;
    private const int FramedFromRows = 20,
        NarrowestPeople = 24,
        WidestPeople = 34,
        RowsAround = 2;

    public Area Header { get; private init; }

    /// <summary>The row of people; empty on a wide screen.</summary>
    public Area Tray { get; private init; }

    /// <summary>The frames, with their borders; empty without frames.</summary>
    public Area PeopleFrame { get; private init; }

    public Area StoryFrame { get; private init; }

    /// <summary>The list of people inside its frame.</summary>
    public Area People { get; private init; }

    public Area Segments { get; private init; }

    /// <summary>For the picture, the card or the recording.</summary>
    public Area Stage { get; private init; }

    /// <summary>The line between stage and panel.</summary>
    public Area Rule { get; private init; }

    /// <summary>For the text about the story.</summary>
    public Area Panel { get; private init; }

    public Area Footer { get; private init; }

    /// <summary>The rows that a long note may cover: all below the stage, where a picture of the terminal's own would cover it.</summary>
    public int FooterRowsMaximum => Math.Max(1, Footer.Y + Footer.Height - Stage.Y - Stage.Height);

    /// <summary>The rows that the panel may have at most.</summary>
    public int PanelRowsMaximum { get; private init; }

    public bool IsFramed => StoryFrame.Width > 0;

    /// <summary>Everything between header and footer: the room of a dialog.</summary>
    public Area Body => new(0, Header.Height, Header.Width, Math.Max(0, Footer.Y - Header.Height));

    /// <summary>The layout of the shown story.</summary>
    public static ScreenLayout Of(Model model) => Of(model, model.Shown);

    /// <summary>The layout that another story would have.</summary>
    public static ScreenLayout Of(Model model, Story? story)
    {
        var most = For(model.Display.Screen);
        return most.Panel.Height == 0 ? most : For(model.Display.Screen, PanelVm.Rows(model, story, most));
    }

    /// <param name="screen">The whole screen.</param>
    /// <param name="panelRows">The rows that the text about the story needs; more than there may be are cut.</param>
    public static ScreenLayout For(Box screen, int panelRows = int.MaxValue)
    {
        var (width, height) = (Math.Max(0, screen.Width), Math.Max(0, screen.Height));
        return width >= FramedFromColumns && height >= FramedFromRows ? Framed(width, height, panelRows) : Plain(width, height, panelRows);
    }

    /// <summary>The model with the room that its story has.</summary>
    public static Model Fit(Model model)
    {
        if (model.Display.Screen == default)
        {
            return model;
        }
        var layout = Of(model);
        return model.Display.Area == layout.Stage.Size && model.Display.Panel == layout.Panel.Size
            ? model
            : model with
            {
                Display = model.Display with { Area = layout.Stage.Size, Panel = layout.Panel.Size },
            };
    }

    private static ScreenLayout Framed(int width, int height, int panelRows)
    {
        var people = Math.Clamp(width / 5, NarrowestPeople, WidestPeople);
        var frame = new Area(people, 1, width - people, height - RowsAround);
        var (left, columns, rows) = (frame.X + 1, frame.Width - 2, frame.Height - 2);
        var most = Math.Max(3, (rows - 1) * 3 / 10);
        var panel = Math.Clamp(panelRows, 0, most);
        var rule = panel > 0 ? 1 : 0;
        var stage = rows - 1 - rule - panel;
        return new()
        {
            Header = new(0, 0, width, 1),
            PeopleFrame = new(0, 1, people, frame.Height),
            StoryFrame = frame,
            People = new(1, 2, people - 2, rows),
            Segments = new(left + 1, 2, columns - 2, 1),
            Stage = new(left, 3, columns, stage),
            Rule = new(left, 3 + stage, columns, rule),
            Panel = new(left + 1, 3 + stage + rule, columns - 2, panel),
            Footer = new(0, height - 1, width, 1),
            PanelRowsMaximum = most,
        };
    }

    private static ScreenLayout Plain(int width, int height, int panelRows)
    {
        const int Above = 3;
        var middle = Math.Max(0, height - Above - 1);
        var margin = width > 2 ? 1 : 0;
        var most = Math.Clamp(middle * 2 / 5, Math.Min(2, middle), 8);
        var panel = Math.Clamp(panelRows, Math.Min(1, middle), most);
        return new()
        {
            Header = new(0, 0, width, Math.Min(1, height)),
            Tray = new(0, 1, width, height > 1 ? 1 : 0),
            Segments = new(margin, 2, width - 2 * margin, height > 2 ? 1 : 0),
            Stage = new(0, Above, width, middle - panel),
            Panel = new(margin, Above + middle - panel, width - 2 * margin, panel),
            Footer = new(0, Math.Max(0, height - 1), width, height > Above ? 1 : 0),
            PanelRowsMaximum = most,
        };
    }
}
