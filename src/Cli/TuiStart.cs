using System.CommandLine;
using System.CommandLine.Help;
using StoriesCli.Tui;

namespace StoriesCli.Cli;

/// <summary><c>stories</c> alone: the terminal UI on a terminal, help elsewhere.</summary>
internal static class TuiStart
{
    public static void Install(RootCommand root, Runner runner)
    {
        var images = new Option<ImageMode>("--images")
        {
            HelpName = "blocks|off",
            Description = "How the terminal UI shows pictures; off with NO_COLOR.",
        };
        var restricted = new Option<bool>("--restricted") { Description = "No external programs in the terminal UI: for forced commands over SSH." };
        root.Options.Add(images);
        root.Options.Add(restricted);
        root.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var around = session.Around;
            if (around.InIsTerminal && around.OutIsTerminal && !around.IsDumb)
            {
                return await OpenAsync(session, parsed.GetValue(images), parsed.GetValue(restricted), cancel).ConfigureAwait(false);
            }
            return ((HelpText)root.Options.OfType<HelpOption>().Single().Action!).Invoke(parsed);
        }));
    }

    private static async Task<int> OpenAsync(Session session, ImageMode images, bool restricted, CancellationToken cancel)
    {
        // It shows "offline" at once and asks again by itself: a client that tries four times would only hide that.
        using var api = session.ConnectOnce();
        return await TuiApp.RunAsync(new(api)
        {
            Images = images,
            Restricted = restricted,
            Colours = session.Around.HasColour,
            Players = session.Config.Players,
            SearchPath = session.Around.Environment("PATH"),
            Clock = session.Around.Clock,
        }, cancel).ConfigureAwait(false);
    }
}
