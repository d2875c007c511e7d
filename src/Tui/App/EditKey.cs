namespace StoriesCli.Tui.App;

/// <summary>A key that moves the caret or the choice in a dialog.</summary>
internal enum EditKey
{
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    EraseWord,
    EraseLine,
}
