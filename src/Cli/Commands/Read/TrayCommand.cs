using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Read;

internal static class TrayCommand
{
    private static readonly string[] Headers = ["author", "slot", "unseen", "total", "age", "left", "status"];

    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand("tray", "List people who have stories, unseen first.").With([
            "stories tray",
            "stories tray --json | jq '[.[].unseen] | add'",
        ]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var items = await session.Api.Stories.GetTrayAsync(cancel).ConfigureAwait(false);
                    if (session.Out.IsQuiet)
                    {
                        session.Out.Rows(
                            ["id"],
                            [.. items.Where(item => item.FirstUnseenId is not null).Select(item => new[] { item.FirstUnseenId! })]
                        );
                    }
                    else
                    {
                        Listing.Print(session, items, Headers, item => item.Author.Handle, item => ToRow(item, session.Now));
                    }
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static string[] ToRow(TrayItem item, DateTimeOffset now) =>
        [
            item.Author.Handle,
            item.Slot ?? "",
            item.Unseen.ToString(CultureInfo.InvariantCulture),
            item.Total.ToString(CultureInfo.InvariantCulture),
            StoryText.Age(item.LatestAt, now),
            StoryText.Left(item.FirstExpiryAt, now),
            item.Muted ? "muted"
            : item.Live ? "● live"
            : item.OpenHelp > 0 ? "help wanted"
            : item.Status ?? (item.ResolvedHelp > 0 ? "helped" : ""),
        ];
}
