using Terminal.Gui.Input;

namespace StoriesCli.Tui.Screen;

/// <summary>What the mouse did.</summary>
internal static class Clicks
{
    /// <summary>Where the left button was clicked. Quick double and triple clicks count as clicks too.</summary>
    public static System.Drawing.Point? At(Mouse mouse) =>
        (mouse.Flags & (MouseFlags.LeftButtonClicked | MouseFlags.LeftButtonDoubleClicked | MouseFlags.LeftButtonTripleClicked)) != 0
            ? mouse.Position
            : null;

    /// <summary>The left button goes down.</summary>
    public static bool Pressed(Mouse mouse) =>
        mouse.Flags.HasFlag(MouseFlags.LeftButtonPressed) && !mouse.Flags.HasFlag(MouseFlags.PositionReport);

    /// <summary>The mouse moves with the left button down.</summary>
    public static bool Held(Mouse mouse) => mouse.Flags.HasFlag(MouseFlags.LeftButtonPressed);
}
