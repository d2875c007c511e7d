using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions.Account;

/// <summary>What was reported to the admins.</summary>
internal static class Reports
{
    public static Choice Choice { get; } =
        new("Reports", "what was reported to you admins", new DialogMsg.LoadList("Reported", new Load()));

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var reports = await context.Client.Reports.ListAsync(stop).ConfigureAwait(false);
            return new ListLoaded(
                [
                    .. reports.Select(report => new Choice(
                        report.Reason,
                        $"@{report.Reporter.Handle} of @{report.Story.Author.Handle}'s: {Format.Title(report.Story)}",
                        new DialogMsg.Run(new OpenStory(report.Story.Id, "reported"))
                    )),
                ],
                "Reported"
            );
        }
    }
}
