using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;
using StoriesCli.Client.Media;
using StoriesCli.Client.Players;
using StoriesCli.Client.Waiting;
using StoriesCli.Contracts;

namespace StoriesCli.Cli;

/// <summary>A failure: its exit code, the message for people, and the server's problem document for programs.</summary>
internal sealed record CliError(int ExitCode, string Message, string? Document = null)
{
    /// <summary>The one table from exceptions to exit codes and messages.</summary>
    public static CliError Of(Exception e) =>
        e switch
        {
            ApiException refused => new(refused.ExitCode, Explain(refused), refused.Document),
            ServerUnreachableException => new(ServerUnreachableException.ExitCode, e.Message),
            UploadRefusedException => new(Cli.ExitCode.Refused, e.Message),
            PollException poll => new(poll.IsMissing ? Cli.ExitCode.NotFound : Cli.ExitCode.Refused, e.Message),
            CommandException known => new(known.ExitCode, e.Message),
            SecretLostException lost => new(
                Cli.ExitCode.Failed,
                $"{e.Message}\nRevoke it with \"stories {lost.What} revoke {lost.Id}\", then create another."
            ),
            ConfigException broken => new(broken.IsUnwritable ? Cli.ExitCode.Failed : Cli.ExitCode.Usage, e.Message),
            // System messages can contain file names with line breaks.
            _ when FileSizeSignal.IsCauseOf(e) => Of(FileSizeSignal.Explain()),
            IOException or UnauthorizedAccessException => new(Cli.ExitCode.Failed, FileFault.Describe(e)),
            // A library of the system is missing. The message says what to install.
            DllNotFoundException => new(Cli.ExitCode.Usage, CleanText.OneLine(e.Message)),
            _ when IsKnown(e) => new(Cli.ExitCode.Failed, e.Message),
            _ => new(
                Cli.ExitCode.Failed,
                $"Something unexpected went wrong: {ServerAddress.WithoutSecrets(e.Message)} ({e.GetType().Name})"
            ),
        };

    /// <summary>Whether this is an expected failure, not a bug in this program.</summary>
    public static bool IsKnown(Exception e) =>
        e
            is ApiException
                or ServerUnreachableException
                or SecretLostException
                or UploadRefusedException
                or PollException
                or CommandException
                or ConfigException
                or PlayerException
                or DllNotFoundException
                or InvalidDataException
                or IOException
                or UnauthorizedAccessException;

    private static string Explain(ApiException refused)
    {
        var title = refused.Title is not null && refused.Title != refused.Detail ? refused.Title + " " : "";
        // The server repeats a single error in its detail. Print it only once.
        var fields = refused
            .Errors.Where(field => !field.Value.All(fault => refused.Message.Contains(fault, StringComparison.Ordinal)))
            .Select(field => $"\n  {field.Key}: {string.Join(' ', field.Value)}");
        var known = refused.Code is null ? null : Errors.Find(refused.Code);
        var remedy =
            known is not null && known.ExitCode is Cli.ExitCode.SignIn or Cli.ExitCode.Failed
                ? $"\n{known!.Remedy.Replace("`", "", StringComparison.Ordinal)}"
                : "";
        if (known == Errors.RouteNotFound || known == Errors.MethodNotAllowed)
        {
            remedy = $"\nThe server does not support this command: it is older than this client ({Version.Text}).";
        }
        var trace = refused.Status >= 500 && refused.TraceId is not null ? $" (traceId {refused.TraceId})" : "";
        return (refused.Detail is null ? refused.Message : title + refused.Detail) + trace + string.Concat(fields) + remedy;
    }
}
