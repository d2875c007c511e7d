namespace StoriesCli.Tui.App;

/// <summary>A key that moves or acts where text is written or something is chosen.</summary>
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
