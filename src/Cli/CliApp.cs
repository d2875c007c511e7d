using System.CommandLine;
using System.CommandLine.Invocation;
using StoriesCli.Cli.Commands.Account;
using StoriesCli.Cli.Commands.Follow;
using StoriesCli.Cli.Commands.Host;
using StoriesCli.Cli.Commands.Keep;
using StoriesCli.Cli.Commands.Read;
using StoriesCli.Cli.Commands.Share;
using StoriesCli.Cli.Commands.Talk;
using StoriesCli.Cli.Commands.Team;

namespace StoriesCli.Cli;

/// <summary>The command line: parses, runs, and ends with one of <see cref="ExitCode"/>.</summary>
internal static class CliApp
{
    public static async Task<int> RunAsync(string[] args, Surroundings around, CancellationToken cancel = default)
    {
        var options = new GlobalOptions();
        var root = Build(args, around, options);
        // Response files are off: a caption such as "@everyone" is a caption.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        using var output = new Output(around, options.ReadFormat(parsed));
        if (UsageFault.Find(parsed, args) is { } fault)
        {
            return output.Fail(new(ExitCode.Usage, fault));
        }
        try
        {
            var code = await parsed
                .InvokeAsync(
                    new()
                    {
                        EnableDefaultExceptionHandler = false,
                        // Its own handling of signals writes to the terminal: Program has another.
                        ProcessTerminationTimeout = null,
                        Output = output.Results,
                        Error = around.Error,
                    },
                    cancel
                )
                .ConfigureAwait(false);
            output.Flush();
            return code;
        }
        catch (IOException e)
        {
            // Help and version are printed by no command's body.
            return Output.IsClosedPipe(e) ? ExitCode.Failed : output.Fail(Fault.Of(e));
        }
    }

    /// <summary>All commands: what help, completion and manual pages are made from.</summary>
    public static RootCommand Build(string[] args, Surroundings around, GlobalOptions options)
    {
        var runner = new Runner(around, options);
        var root = new RootCommand("Stories for a small team: post, look, and they are gone after their lifetime.")
        {
            HelpName = "stories",
            Subcommands =
            {
                PostCommand.Make(runner),
                RunCommand.Make(runner),
                ListCommand.Make(runner),
                TrayCommand.Make(runner),
                CountCommand.Make(runner),
                ShowCommand.Make(runner),
                PlayCommand.Make(runner),
                GetCommand.Make(runner),
                ReplyCommand.Make(runner),
                ReactCommand.Make(runner),
                AckCommand.Make(runner),
                VoteCommand.Make(runner),
                ResolveCommand.Make(runner),
                ReportCommand.Make(runner),
                EditCommand.Make(runner),
                ExtendCommand.Make(runner),
                KeepCommand.Make(runner),
                KeepCommand.MakeUnkeep(runner),
                RemoveCommand.Make(runner),
                PromoteCommand.Make(runner),
                ViewersCommand.Make(runner),
                ReceiptCommand.Make(runner),
                DigestCommand.Make(runner),
                HighlightsCommand.Make(runner),
                ArchiveCommand.Make(runner),
                QuestionCommand.Make(runner),
                MuteCommand.Make(runner),
                MuteCommand.MakeUnmute(runner),
                LinkCommand.Make(runner),
                ShareCommand.Make(runner),
                WatchCommand.Make(runner),
                WaitCommand.Make(runner),
                JoinCommand.Make(runner),
                LoginCommand.Make(runner),
                LogoutCommand.Make(runner),
                WhoamiCommand.Make(runner),
                MeCommand.Make(runner),
                MeCommand.MakeLeave(runner),
                PeopleCommand.Make(runner),
                CircleCommand.Make(runner),
                InviteCommand.Make(runner),
                TokenCommand.Make(runner),
                WebhookCommand.Make(runner),
                FeedCommand.Make(runner),
                AdminCommand.Make(runner),
                ConfigCommand.Make(runner),
                DoctorCommand.Make(runner),
                CompletionCommand.Make(runner),
                CompletionCommand.MakeComplete(runner, BuildAgain),
                ManCommand.Make(runner, BuildAgain),
                ServeCommand.Make(runner, args),
            },
        };
        foreach (var option in options.All)
        {
            root.Add(option);
        }
        root.Options.OfType<VersionOption>().Single().Action = new VersionText();
        HelpText.Install(root);
        TuiStart.Install(root, runner);
        return root;

        // Symbols belong to one command line: what asks about them builds others.
        RootCommand BuildAgain() => Build([], around, new());
    }

    private sealed class VersionText : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.Write($"stories {Version.Text}\n");
            return ExitCode.Done;
        }
    }
}
