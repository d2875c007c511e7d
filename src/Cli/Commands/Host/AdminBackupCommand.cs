using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Commands.Host;

internal static class AdminBackupCommand
{
    private const int DamagedNamed = 20;

    public static StoriesCommand Make(Runner runner)
    {
        var target = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "A file that only you can read, a directory, or - for stdout (default: stories-DATE.tar).",
        };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replace an existing file, once the new archive is complete." };
        var command = new StoriesCommand("backup", "Save an archive (tar) of all server data, while the server runs.")
        {
            target,
            force,
        }.With(["stories admin backup", "stories admin backup -o stories.tar --force"], ExitCode.Refused);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    var wanted = parsed.GetValue(target);
                    if (wanted == "-")
                    {
                        if (session.Context.OutIsTerminal)
                        {
                            throw CommandException.Usage(
                                "An archive cannot be shown on a terminal. Name a file, or send stdout to a program."
                            );
                        }
                        await SaveAsync(session, session.Out.TakeStream(), "what was written is not usable", cancel).ConfigureAwait(false);
                        return ExitCode.Done;
                    }
                    var own = session.Now.ToString("'stories-'yyyyMMdd-HHmmss'.tar'", CultureInfo.InvariantCulture);
                    var path = SavedFile.ChoosePath(own, wanted);
                    await SavedFile
                        .WriteAsync(
                            path,
                            parsed.GetValue(force),
                            file => SaveAsync(session, file, "nothing was kept", cancel),
                            cancel,
                            isSecret: true
                        )
                        .ConfigureAwait(false);
                    session.Out.Path(path);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>Reports files that are damaged on the server. The archive has everything else.</summary>
    private static async Task SaveAsync(Session session, Stream target, string otherwise, CancellationToken cancel)
    {
        OpenSsl.Require();
        try
        {
            var contents = await session.Api.Admin.BackUpAsync(target, progress: null, cancel).ConfigureAwait(false);
            foreach (var it in contents.Damaged.Take(DamagedNamed))
            {
                session.Out.Note(
                    $"Damaged on the server: the file {CleanText.OneLine(it.Name)} of story {CleanText.OneLine(it.Story)} {CleanText.OneLine(it.Reason)}."
                );
            }
            if (contents.Damaged.Count > 0)
            {
                session.Out.Note(
                    $"{Counted.Of(contents.Damaged.Count, "damaged file")} in all. Keep older backups, which may have intact copies. Everything else is in this one."
                );
            }
        }
        catch (BackupException e)
        {
            throw new CommandException(ExitCode.Failed, $"The archive is incomplete, and {otherwise}: {CleanText.OneLine(e.Message)}.");
        }
    }
}
