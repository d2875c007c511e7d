namespace StoriesCli.Tui.Screen;

/// <summary>A dialog or the help, over everything else.</summary>
internal sealed class BoxView : LinesView
{
    private BoxVm _box = BoxVm.Nothing;

    public BoxView(Palette palette)
        : base(palette)
    {
        Visible = false;
    }

    public Area Area => _box.Area;

    /// <returns>Whether it has another place, so that everything has to be laid out again.</returns>
    public bool Show(BoxVm box)
    {
        var isMoved = _box.Area != box.Area;
        _box = box;
        Visible = box.Area.Width > 0;
        Show(box.Lines);
        return isMoved;
    }
}
