using Terminal.Gui.Input;

namespace StoriesCli.Tui.Screen;

/// <summary>What the mouse did.</summary>
internal static class Clicks
{
    /// <summary>Where the left button was clicked. Of clicks in quick succession the second and the third come as another kind, and mean as much.</summary>
    public static System.Drawing.Point? At(Mouse mouse) =>
        (mouse.Flags & (MouseFlags.LeftButtonClicked | MouseFlags.LeftButtonDoubleClicked | MouseFlags.LeftButtonTripleClicked)) != 0
            ? mouse.Position
            : null;
}
