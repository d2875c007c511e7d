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
    public static async Task<int> RunAsync(string[] args, CliContext context, CancellationToken cancel = default)
    {
        var options = new GlobalOptions();
        var root = Build(args, context, options);
        // No response files: "@everyone" is a caption, not a file.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        using var output = new Output(context, options.ReadFormat(parsed));
        if (UsageErrors.Find(parsed, args) is { } fault)
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
                        // The library's signal handling writes to the terminal. Program has its own.
                        ProcessTerminationTimeout = null,
                        Output = output.Results,
                        Error = context.Error,
                    },
                    cancel
                )
                .ConfigureAwait(false);
            output.Flush();
            return code;
        }
        catch (IOException e)
        {
            // Help and version are printed outside of any command.
            return BrokenPipe.IsCauseOf(e) ? ExitCode.Failed : output.Fail(CliError.Of(e));
        }
    }

    /// <summary>All commands. Help, completion and manual pages are made from them.</summary>
    public static RootCommand Build(string[] args, CliContext context, GlobalOptions options)
    {
        var runner = new Runner(context, options);
        var root = new StoriesRoot(
            "Share stories with a small team. Each story expires after its lifetime.",
            new CommandGroup(
                "Share",
                PostCommand.Make(runner),
                RunCommand.Make(runner),
                RunCommand.MakeLive(runner),
                EditCommand.Make(runner),
                ExtendCommand.Make(runner),
                PromoteCommand.Make(runner),
                RenderCommand.Make(runner),
                LinkCommand.Make(runner),
                ShareCommand.Make(runner),
                RemoveCommand.Make(runner)
            ),
            new CommandGroup(
                "Read",
                ListCommand.Make(runner),
                TrayCommand.Make(runner),
                CountCommand.Make(runner),
                ShowCommand.Make(runner),
                PlayCommand.Make(runner),
                GetCommand.Make(runner)
            ),
            new CommandGroup(
                "Talk",
                ReplyCommand.Make(runner),
                ReactCommand.Make(runner),
                AckCommand.Make(runner),
                VoteCommand.Make(runner),
                ResolveCommand.Make(runner),
                QuestionCommand.Make(runner),
                ReportCommand.Make(runner)
            ),
            new CommandGroup(
                "Keep",
                KeepCommand.Make(runner),
                KeepCommand.MakeUnkeep(runner),
                HighlightsCommand.Make(runner),
                ArchiveCommand.Make(runner),
                ReceiptCommand.Make(runner)
            ),
            new CommandGroup(
                "Follow",
                WatchCommand.Make(runner),
                WaitCommand.Make(runner),
                DigestCommand.Make(runner),
                ViewersCommand.Make(runner),
                FeedCommand.Make(runner),
                MuteCommand.Make(runner),
                MuteCommand.MakeUnmute(runner)
            ),
            new CommandGroup("Team", PeopleCommand.Make(runner), CircleCommand.Make(runner), InviteCommand.Make(runner)),
            new CommandGroup(
                "Account",
                JoinCommand.Make(runner),
                LoginCommand.Make(runner),
                LogoutCommand.Make(runner),
                WhoamiCommand.Make(runner),
                MeCommand.Make(runner),
                MeCommand.MakeLeave(runner),
                TokenCommand.Make(runner),
                ConfigCommand.Make(runner),
                DoctorCommand.Make(runner),
                CompletionCommand.Make(runner),
                ManCommand.Make(runner, BuildAgain)
            ),
            new CommandGroup("Host", ServeCommand.Make(runner, args), AdminCommand.Make(runner), WebhookCommand.Make(runner))
        )
        {
            HelpName = "stories",
            Subcommands = { CompletionCommand.MakeComplete(runner, BuildAgain) },
        };
        foreach (var option in options.All)
        {
            root.Add(option);
        }
        var version = root.Options.OfType<VersionOption>().Single();
        version.Description = "Show the version.";
        version.Action = new VersionText();
        HelpText.Install(root);
        TuiStart.Install(root, runner);
        return root;

        // Symbols belong to one command line, so completion and manual pages build their own.
        RootCommand BuildAgain() => Build([], context, new());
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
