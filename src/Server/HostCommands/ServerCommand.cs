using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using StoriesCli.Contracts;
using StoriesCli.Posix;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary>The server's command line: reads the options, reports their faults, and runs the server until it is stopped.</summary>
internal static class ServerCommand
{
    private const int Done = 0,
        Failed = 1,
        Usage = 2;

    // These work without any library.
    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?", "/h", "--version"];

    public static Task<int> RunAsync(string[] args, Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        if (args is ["--version"])
        {
            // Scripts ask for it often: without making the options and commands, it takes half the time.
            Console.Out.WriteLine(ServerVersion.Text);
            return Task.FromResult(Done);
        }
        FileSizeSignal.Ignore();
        var root = new RootCommand("The story server. It keeps everything in one directory and needs no other service.");
        var flags = new List<(ServerOption Option, Option Flag)>();
        foreach (var option in OptionTable.All)
        {
            Option flag = option.Repeats ? new Option<string[]>(option.Flag) : new Option<string>(option.Flag);
            (flag.Description, flag.HelpName) = ($"{option.Meaning.TrimEnd('.')} (default: {option.Default}).", option.Value);
            flags.Add((option, flag));
            root.Options.Add(flag);
        }
        Dictionary<string, string> Given(ParseResult parsed) =>
            flags
                .Where(f => parsed.GetResult(f.Flag) is { Implicit: false, Tokens.Count: > 0 })
                .ToDictionary(
                    f => f.Option.Name,
                    f => parsed.GetResult(f.Flag)!.Tokens is var tokens && f.Option.Repeats ? string.Join(',', tokens) : tokens[^1].Value
                );
        var check = ConfigCheck.MakeOption();
        root.Options.Add(check);
        root.SetAction(
            (parsed, cancel) =>
                parsed.GetValue(check) ? ConfigCheck.RunAsync(Given(parsed), cancel) : StartAsync(Given(parsed), build, cancel)
        );
        HostCommands.AddTo(root, build);
        // An option's value may begin with @. Do not read it as a response file.
        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.FirstOrDefault(word => word.Contains('\uFFFD', StringComparison.Ordinal)) is { } lost)
        {
            // The original bytes are already lost: a file with this name would not be the requested one.
            Console.Error.WriteLine($"stories-server: \"{Excerpt.Of(lost)}\" is not UTF-8: use UTF-8 names");
            return Task.FromResult(Usage);
        }
        if (!args.Any(HelpWords.Contains) && OpenSsl.FindFault("the server cannot run") is { } missing)
        {
            Console.Error.WriteLine($"stories-server: {missing}");
            return Task.FromResult(Usage);
        }
        if (FindEmpty(result) is { } empty)
        {
            Console.Error.WriteLine($"stories-server: {empty} is empty: leave it out, or give it a value");
            return Task.FromResult(Usage);
        }
        if (result.Errors.Count > 0)
        {
            // Values of known flags may be wrong, too: report every error at once.
            var faults = result.CommandResult.Command == root ? OptionReader.OfProcess(Given(result)).Read().Faults : [];
            foreach (var fault in result.Errors.Select(error => error.Message).Concat(faults))
            {
                Console.Error.WriteLine($"stories-server: {fault}");
            }
            Console.Error.WriteLine("stories-server: see stories-server --help");
            return Task.FromResult(Usage);
        }
        return InvokeAsync(result);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            return await parsed
                .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The host gets a sentence and no stack trace, even for unexpected exceptions.
            var what = FileSizeSignal.IsCauseOf(e)
                ? FileSizeSignal.Explain().Message
                : $"something unexpected happened: {e.GetType().Name}: {e.Message}";
            await TellAsync([what]).ConfigureAwait(false);
            return Failed;
        }
    }

    /// <summary>Name of a host command's argument without any visible character. Options are checked elsewhere.</summary>
    private static string? FindEmpty(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .FirstOrDefault(given => given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            ?.Argument.Name;

    private static async Task<int> StartAsync(
        Dictionary<string, string> flags,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        var (options, faults) = OptionReader.OfProcess(flags).Read();
        if (options is not null)
        {
            faults = StartChecks.FindFaults(options, TimeProvider.System);
        }
        if (options is null || faults.Count > 0)
        {
            await TellAsync(faults).ConfigureAwait(false);
            return Usage;
        }
        try
        {
            if (FolderUser.FindOtherOwner(options.Data) is { } owner)
            {
                await TellAsync([
                        $"--data {options.Data} belongs to the user {owner}, and root's files in it would be closed to that user: run the server as that user (setpriv --reuid={owner} --clear-groups, or User= of systemd)",
                    ])
                    .ConfigureAwait(false);
                return Usage;
            }
            using var directory = DataDirectory.Open(options.Data);
            if (StartChecks.FindTaken(options) is { Count: > 0 } taken)
            {
                await TellAsync(taken).ConfigureAwait(false);
                return Failed;
            }
            await using var app = build(options with { Follows = options.PeerListen is not null }, directory, TimeProvider.System);
            return await RunAsync(app, cancel).ConfigureAwait(false) ? Done : Failed;
        }
        catch (Exception e) when (e is ForeignDirectoryException or UnknownMediaException or OptionUnusableException)
        {
            await TellAsync([e.Message]).ConfigureAwait(false);
            return Usage;
        }
        catch (Exception e) when (e is DataDirectoryException or IOException or UnauthorizedAccessException or SocketException)
        {
            // A port in use surfaces as an IOException too.
            await TellAsync([FileFault.Describe(e)]).ConfigureAwait(false);
            return Failed;
        }
    }

    internal static async Task TellAsync(IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync($"stories-server: {CleanText.OneLine(fault)}").ConfigureAwait(false);
        }
    }

    /// <summary>Opens the database, prepares the owner invite, serves until the stop, and closes the database last.</summary>
    /// <returns>Whether it was stopped; false when it failed.</returns>
    private static async Task<bool> RunAsync(WebApplication app, CancellationToken cancel)
    {
        var start = app.Services.GetRequiredService<Start>();
        await start.OpenAsync(cancel: cancel).ConfigureAwait(false);
        try
        {
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            // So that running workers take the following shutdown for a stop, not for a failure of theirs.
            app.Lifetime.StopApplication();
            throw;
        }
        start.Announce(app.PublicUrls());
        await app.WaitForShutdownAsync(cancel).ConfigureAwait(false);
        return !start.DatabaseFailed;
    }
}
