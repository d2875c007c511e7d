namespace StoriesCli.Cli;

/// <summary>Exit codes of <c>stories</c>. Scripts rely on them, so their meaning never changes.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int SignIn = 4;
    public const int Refused = 5;
    public const int Unavailable = 6;
    public const int TimedOut = 7;
    public const int Interrupted = 130;

    /// <summary>The codes that any command which calls the server can end with.</summary>
    public static readonly int[] OfCalls = [Done, Failed, Usage, SignIn, Unavailable, TimedOut, Interrupted];

    public static string Explain(int code) =>
        code switch
        {
            Done => "done",
            Failed => "failed",
            Usage => "wrong usage or configuration",
            NotFound => "not found, or no longer there",
            SignIn => "not signed in, or not allowed",
            Refused => "refused: too large, wrong type, quota reached, or already exists",
            Unavailable => "server unreachable or unavailable after all retries",
            TimedOut => "the time set by --timeout has passed",
            Interrupted => "interrupted",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "not one of ours"),
        };
}

/// <summary>A command failed. The message is one sentence for people.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);
}
