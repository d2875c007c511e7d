using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.Screen;

internal readonly record struct Area(int X, int Y, int Width, int Height)
{
    public Box Size => new(Width, Height);
}

/// <summary>Where everything is: header, tray and segments on top, the footer below, the panel beside the picture or below it.</summary>
internal sealed record ScreenLayout(Area Header, Area Tray, Area Segments, Area Stage, Area Separator, Area Panel, Area Footer)
{
    private const int BesideFrom = 100;

    /// <summary>Everything between the rows on top and the footer.</summary>
    public Area Body => new(0, Stage.Y, Header.Width, Math.Max(Stage.Height, Math.Max(Panel.Y + Panel.Height - Stage.Y, 0)));

    public static ScreenLayout For(Box screen)
    {
        var (width, height) = (Math.Max(0, screen.Width), Math.Max(0, screen.Height));
        var middle = Math.Max(0, height - 4);
        var margin = width > 2 ? 1 : 0;
        var beside = width >= BesideFrom;
        var panelWidth = beside ? Math.Min(60, width * 36 / 100) : width - 2 * margin;
        const int Bar = 2;
        var panelHeight = beside ? middle : Math.Clamp(middle / 3, Math.Min(2, middle), 6);
        var stage = beside ? new Area(0, 3, width - panelWidth, middle) : new Area(0, 3, width, middle - panelHeight);
        return new(
            Header: new(0, 0, width, Math.Min(1, height)),
            Tray: new(0, 1, width, height > 1 ? 1 : 0),
            Segments: new(margin, 2, width - 2 * margin, height > 2 ? 1 : 0),
            Stage: stage,
            Separator: beside ? new(stage.Width, 3, 1, middle) : default,
            Panel: beside
                ? new(stage.Width + Bar, 3, panelWidth - Bar - margin, middle)
                : new(margin, 3 + stage.Height, panelWidth, panelHeight),
            Footer: new(0, height - 1, width, height > 3 ? 1 : 0)
        );
    }
}
