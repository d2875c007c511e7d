using System.CommandLine;
using System.Globalization;
using StoriesCli.Cli.Commands.Talk;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Host;

internal static class AdminCommand
{
    public static Command Make(Runner runner) =>
        new StoriesCommand("admin", "Manage a server over the network, as an admin.")
        {
            AdminAccountsCommand.Make(runner),
            MakeUsage(runner),
            MakeAudit(runner),
            ReportCommand.MakeList(runner),
            AdminBackupCommand.Make(runner),
        }.Showing("stories admin usage", "stories admin accounts", "stories admin backup -o stories.tar");

    private static StoriesCommand MakeUsage(Runner runner)
    {
        var command = new StoriesCommand("usage", "Show storage used by each account, largest first, and free disk space.").With([
            "stories admin usage",
            "stories admin usage --json | jq .diskFreeBytes",
        ]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var usage = await session.Api.Admin.GetUsageAsync(cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        Listing.PrintJson(session, usage);
                        return ExitCode.Done;
                    }
                    Listing.PrintRows(
                        session,
                        usage.Items,
                        ["handle", "stories", "bytes", "quota"],
                        it => it.Handle,
                        it =>
                            [
                                it.Handle,
                                it.Stories.ToString(CultureInfo.InvariantCulture),
                                Amount(session, it.Bytes),
                                Amount(session, it.QuotaBytes),
                            ]
                    );
                    session.Out.Note(
                        $"Total: {Counted.Stories(usage.Stories)}, {ByteSize.Format(usage.Bytes)} of {ByteSize.Format(usage.QuotaBytes)}. Free disk space: {ByteSize.Format(usage.DiskFreeBytes)} (minimum {ByteSize.Format(usage.DiskFloorBytes)})."
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static StoriesCommand MakeAudit(Runner runner)
    {
        var limit = new Option<int>("--limit")
        {
            HelpName = "N",
            Description = "Show at most N.",
            DefaultValueFactory = _ => Limits.PageDefault,
        };
        var all = new Option<bool>("--all") { Description = "Show all." };
        limit.Validators.Add(Numbers.FromOne("--limit"));
        all.Validators.Add(Numbers.Not(limit));
        var command = new StoriesCommand("audit", "List who did what, latest first.") { limit, all }.With([
            "stories admin audit",
            "stories admin audit --all --json",
        ]);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var most = parsed.GetValue(all) ? int.MaxValue : parsed.GetValue(limit);
                    var entries = await session
                        .Api.Admin.ListAuditAsync(Math.Min(most, Limits.PageMaximum), cancel)
                        .Take(most)
                        .ToArrayAsync(cancel)
                        .ConfigureAwait(false);
                    Listing.Print(
                        session,
                        entries,
                        ["id", "at", "by", "action", "subject", "detail"],
                        it => it.Id,
                        it => [it.Id, StoryText.Stamp(it.At), it.Actor ?? "the host", it.Action, it.Subject, it.Detail ?? ""]
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>With units on a terminal, in bytes for programs.</summary>
    private static string Amount(Session session, long bytes) =>
        session.Context.OutIsTerminal ? ByteSize.Format(bytes) : bytes.ToString(CultureInfo.InvariantCulture);
}
