using System.CommandLine;
using System.Net;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.HostCommands;

/// <summary><c>stories-server health</c>: whether the running server is ready, for containers and scripts.</summary>
internal static class HealthCommand
{
    private const int Ready = 0,
        NotReady = 1,
        Usage = 2;
    private const int AnswerBytesMaximum = 64 * 1024;

    // Less than the 5 s after which a container runtime ends its check, so that the check says why.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Make()
    {
        var data = HostCommands.DataOption();
        var url = new Option<string>("--url")
        {
            Description = "Ask the server at this URL, instead of the one that runs on the data directory.",
            HelpName = "URL",
        };
        var command = new Command(
            "health",
            $"Say whether the running server is ready, for health checks and scripts. Exit code: 0 when it is, 1 when it is not or does not answer within {Patience.TotalSeconds:0} s."
        )
        {
            data,
            url,
        };
        command.SetAction(
            (parsed, cancel) =>
                (parsed.GetValue(data), parsed.GetValue(url)) switch
                {
                    ({ }, { }) => TellAsync("name --data or --url, not both", Usage),
                    (_, { } address) => AskUrlAsync(address, cancel),
                    (var directory, _) => AskSocketAsync(directory, cancel),
                }
        );
        return command;
    }

    private static async Task<int> AskSocketAsync(string? given, CancellationToken cancel)
    {
        Dictionary<string, string> flags = given is null ? [] : new() { ["data"] = given };
        // The other options may have changed since the start, and are no matter of health.
        var (data, faults) = OptionReader.OfProcess(flags).ReadData();
        if (data is null)
        {
            return await TellAsync(string.Join("; ", faults), Usage).ConfigureAwait(false);
        }
        return AdminSocket.FindPath(data) is null
            ? await TellAsync($"the path of {data} is too long for a socket: use --url", Usage).ConfigureAwait(false)
            : await AskAsync($"the server on {data}", () => AdminSocket.AskAsync(data, AdminSocket.ReadinessPath, Patience, cancel))
                .ConfigureAwait(false);
    }

    private static async Task<int> AskUrlAsync(string url, CancellationToken cancel)
    {
        if (
            !Uri.TryCreate(url.TrimEnd('/') + "/readyz", UriKind.Absolute, out var address)
            || address is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
        )
        {
            return await TellAsync($"--url must be like http://127.0.0.1:7867, was \"{Excerpt.Of(url)}\"", Usage).ConfigureAwait(false);
        }
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = AnswerBytesMaximum };
        return await AskAsync(url, () => client.GetAsync(address, cancel)).ConfigureAwait(false);
    }

    private static async Task<int> AskAsync(string what, Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask().ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return await TellAsync($"not ready: {DetailOf(text) ?? $"{what} answers {(int)answer.StatusCode}"}").ConfigureAwait(false);
            }
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines is not ["ready", ..])
            {
                return await TellAsync($"{what} is not a stories-server: it answers 200 to /readyz, but not \"ready\"")
                    .ConfigureAwait(false);
            }
            Console.Out.WriteLine(CleanText.OneLine(string.Join("; ", lines)));
            return Ready;
        }
        catch (HttpRequestException e)
        {
            return await TellAsync($"{what} does not answer: {AdminSocket.WhyNot(e)}").ConfigureAwait(false);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            return await TellAsync($"{what} does not answer within {Patience.TotalSeconds:0} s").ConfigureAwait(false);
        }
    }

    private static string? DetailOf(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ContractsJson.Default.Problem)?.Detail;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<int> TellAsync(string fault, int exitCode = NotReady)
    {
        await Console.Error.WriteLineAsync($"stories-server: {CleanText.OneLine(fault)}").ConfigureAwait(false);
        return exitCode;
    }
}
