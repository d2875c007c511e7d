using Terminal.Gui.App;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace StoriesCli.Tui.Terminal;

/// <summary>Tells which ground the terminal says it has. Terminal.Gui asks for it (OSC 11); not all terminals answer, and nothing waits for it.</summary>
internal sealed class GroundWatch : IDisposable
{
    private readonly IApplication _app;
    private readonly Action<Rgb> _tell;

    /// <param name="app">Has just taken the terminal.</param>
    /// <param name="tell">The ground, when it is known; on the UI thread.</param>
    public GroundWatch(IApplication app, Action<Rgb> tell)
    {
        (_app, _tell) = (app, tell);
        app.Driver!.DefaultAttributeChanged += Hear;
        Tell();
    }

    public void Dispose()
    {
        if (_app.Driver is { } driver)
        {
            driver.DefaultAttributeChanged -= Hear;
        }
    }

    private void Hear(object? sender, ValueChangedEventArgs<Attribute?> e) => Tell();

    private void Tell()
    {
        if (_app.Driver?.DefaultAttribute is { } known && known.Background != Color.None)
        {
            _tell(new(known.Background.R, known.Background.G, known.Background.B));
        }
    }
}
