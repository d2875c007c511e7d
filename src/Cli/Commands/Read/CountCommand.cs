using System.CommandLine;
using System.Globalization;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Commands.Read;

internal static class CountCommand
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Believed = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefreshPatience = TimeSpan.FromSeconds(10);

    // Time that a prompt waits for its first number.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(25);

    public static Command Make(Runner runner)
    {
        var unseen = new Option<bool>("--unseen") { Description = "Count unseen stories (the default)." };
        var refresh = new Option<bool>("--refresh") { Description = "Ask the server now and wait for the answer." };
        var command = new StoriesCommand(
            "count",
            "Print the number of unseen stories, from a local cache that refreshes in the background. For shell prompts. Prints nothing while signed out or while the server is unreachable."
        )
        {
            unseen,
            refresh,
        }.With(["stories count --unseen", "PS1='$(stories count --unseen) \\w $ '"]);
        command.SetAction(
            runner.Run(
                async (session, parsed, cancel) =>
                {
                    if (session.Connection.Token is null && !parsed.GetValue(refresh))
                    {
                        // Do not ask for a sign-in at every prompt. "stories doctor" explains it.
                        Print(session, null, null);
                        return ExitCode.Done;
                    }
                    var cache = UnseenCache.Find(session.Context.Environment, session.SignedIn);
                    if (parsed.GetValue(refresh))
                    {
                        Print(session, await AskAsync(session, cache, cancel).ConfigureAwait(false), session.Now);
                        return ExitCode.Done;
                    }
                    var known = cache.Read();
                    var isFresh = known is { } it && (session.Now - it.At).Duration() < Fresh;
                    if (!isFresh && cache.TryClaim(session.Now, RefreshPatience))
                    {
                        known ??= await TryAskAsync(session, cache, cancel).ConfigureAwait(false);
                        if (known is null || session.Now - known.Value.At >= Fresh)
                        {
                            session.Context.StartDetached(RefreshArguments(session));
                        }
                    }
                    Print(session, known is { } still && session.Now - still.At < Believed ? still.Unseen : null, known?.At);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static async Task<int> AskAsync(Session session, UnseenCache cache, CancellationToken cancel)
    {
        using var api = session.Connect(session.SignedIn, retries: 0);
        try
        {
            var unseen = (await api.Stories.GetTrayAsync(cancel).ConfigureAwait(false)).Sum(item => item.Unseen);
            cache.Write(unseen, session.Now);
            return unseen;
        }
        catch (Exception e) when (e is ServerUnreachableException or ApiException)
        {
            // The number is unknown now, so print nothing until the server answers.
            cache.Forget();
            throw;
        }
    }

    private static async Task<(int, DateTimeOffset)?> TryAskAsync(Session session, UnseenCache cache, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(FirstPatience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return (await AskAsync(session, cache, either.Token).ConfigureAwait(false), session.Now);
        }
        catch (Exception e)
            when (e is ServerUnreachableException or ApiException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>For the same server and account. The background run inherits a token in the environment.</summary>
    private static string[] RefreshArguments(Session session)
    {
        var flags = session.Flags;
        List<string> args = ["count", "--refresh", "--quiet", "--timeout", Durations.Format(RefreshPatience)];
        args.AddRange(flags.Server is null ? [] : ["--server", flags.Server]);
        args.AddRange(flags.Profile is null ? [] : ["--profile", flags.Profile]);
        args.AddRange(flags.TokenFile is null ? [] : ["--token-file", flags.TokenFile]);
        args.AddRange(flags.Insecure ? ["--insecure"] : []);
        return [.. args];
    }

    private static void Print(Session session, int? unseen, DateTimeOffset? at)
    {
        if (session.Out.IsJson)
        {
            session.Out.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName("unseen");
                if (unseen is { } known)
                {
                    writer.WriteNumberValue(known);
                }
                else
                {
                    writer.WriteNullValue();
                }
                writer.WriteString("at", at is { } time ? StoryText.Stamp(time) : null);
                writer.WriteEndObject();
            });
        }
        else if (unseen is { } number)
        {
            session.Out.Line(number.ToString(CultureInfo.InvariantCulture));
        }
    }
}
