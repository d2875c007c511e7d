using System.CommandLine;
using System.Globalization;

namespace StoriesCli.Cli.Commands;

internal static class AdminBackupCommand
{
    public static StoriesCommand Make(Runner runner)
    {
        var target = new Option<string?>("--output") { HelpName = "FILE", Description = "Where to: a file, a directory, or - for stdout. stories-DATE.tar unless told." };
        target.Aliases.Add("-o");
        var force = new Option<bool>("--force") { Description = "Replaces a file that exists." };
        var command = new StoriesCommand("backup", "Save an archive (tar) of everything the server has, while it runs.") { target, force }.With(
        [
            "stories admin backup",
            "stories admin backup -o - | ssh vault 'cat > stories.tar'",
        ], ExitCode.Refused);
        command.SetAction(runner.Run(async (session, parsed, cancel) =>
        {
            var wanted = parsed.GetValue(target);
            if (wanted == "-")
            {
                if (session.Around.OutIsTerminal)
                {
                    throw CommandException.Usage("An archive is nothing for a terminal: name a file, or send stdout into a program.");
                }
                await session.Api.BackUpAsync(session.Out.TakeStream(), progress: null, cancel).ConfigureAwait(false);
                return ExitCode.Done;
            }
            var own = session.Now.ToString("'stories-'yyyyMMdd-HHmmss'.tar'", CultureInfo.InvariantCulture);
            var path = SavedFile.ChoosePath(own, wanted);
            await SavedFile.WriteAsync(path, parsed.GetValue(force), file => session.Api.BackUpAsync(file, progress: null, cancel), cancel).ConfigureAwait(false);
            session.Out.Path(path);
            return ExitCode.Done;
        }));
        return command;
    }
}
