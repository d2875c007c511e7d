namespace StoriesCli.Tui.Screen;

/// <summary>A dialog or the help, over everything else.</summary>
internal sealed class BoxView : LinesView
{
    public BoxView(Palette palette)
        : base(palette)
    {
        Visible = false;
    }

    public void Show(BoxVm box)
    {
        Visible = box.Area.Width > 0;
        Show(box.Lines);
    }
}
