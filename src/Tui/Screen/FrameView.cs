namespace StoriesCli.Tui.Screen;

/// <summary>The four sides of a border, each a view, so that a change inside never draws the border again.</summary>
internal sealed class FrameView
{
    private readonly LinesView _top,
        _bottom,
        _left,
        _right;

    /// <param name="palette">The colours.</param>
    /// <param name="area">Where the border is; empty: it is not drawn.</param>
    public FrameView(Palette palette, Func<Area> area)
    {
        _top = Side(palette, () => area() with { Height = Math.Min(1, area().Height) });
        _bottom = Side(palette, () => Bottom(area()));
        _left = Side(palette, () => Column(area(), 0));
        _right = Side(palette, () => Column(area(), Math.Max(0, area().Width - 1)));
    }

    public IEnumerable<LinesView> Views => [_top, _bottom, _left, _right];

    public void Show(FrameVm frame, Area area)
    {
        _top.Show(frame.Top(area.Width));
        _bottom.Show(frame.Bottom(area.Width));
        _left.Show(frame.Side(area.Height - 2));
        _right.Show(frame.Side(area.Height - 2));
    }

    private static Area Bottom(Area area) => new(area.X, area.Y + Math.Max(0, area.Height - 1), area.Width, Math.Min(1, area.Height));

    private static Area Column(Area area, int x) => new(area.X + x, area.Y + 1, Math.Min(1, area.Width), Math.Max(0, area.Height - 2));

    private static LinesView Side(Palette palette, Func<Area> area) => MainWindow.Placed(new LinesView(palette), area);
}
