using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;

namespace StoriesCli.Testing;

/// <summary>The server as a process of its own, for tests that kill and stop it.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-process-").FullName;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string[] _options;
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    private ServerProcess(IReadOnlyDictionary<string, string> environment, string[] options) =>
        (_environment, _options) = (environment, options);

    public Uri Url { get; private set; } = null!;

    public string DataPath => Path.Combine(_folder, "data");

    public int Id => _process!.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => _process is not { HasExited: false };

    /// <summary>What it has logged so far.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public static Task<ServerProcess> StartAsync(params string[] options) => StartAsync(new Dictionary<string, string>(), options);

    /// <param name="environment">Variables that it has beside those of the tests.</param>
    /// <param name="options">Its options.</param>
    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var server = new ServerProcess(environment, options);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A run that ends by itself.</summary>
    public static Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(Start(arguments));

    /// <summary>A run that ends by itself, with environment variables of its own.</summary>
    public static Task<CommandRun> RunWithAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        CommandRun.OfAsync(Start(arguments, environment));

    /// <summary>A run that the test ends.</summary>
    public static Process Begin(params string[] arguments)
    {
        var start = Start(arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    /// <summary>Starts it on its data; the system chooses another port.</summary>
    public async Task StartAgainAsync()
    {
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Start(["--data", DataPath, "--listen", "http://127.0.0.1:0", "--disk-floor", "0", .. _options], _environment);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            _log.Enqueue(line.Data ?? "(the end)");
            if (line.Data is null)
            {
                listens.TrySetException(new InvalidOperationException($"the server ended: {string.Join('\n', _log)}"));
            }
            else if (Listening().Match(line.Data) is { Success: true } match)
            {
                listens.TrySetResult(new(match.Groups[1].Value));
            }
        };
        _process.BeginErrorReadLine();
        Url = await listens.Task.WaitAsync(Patience);
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends it a signal, such as <c>STOP</c>.</summary>
    public async Task SignalAsync(string signal) => (await CommandRun.OfAsync(new("kill", [$"-{signal}", $"{_process!.Id}"]))).Succeeded();

    /// <summary>Makes the first account, the owner, and returns its token.</summary>
    public async Task<string> JoinAsOwnerAsync(string handle)
    {
        var code = await File.ReadAllTextAsync(Path.Combine(DataPath, "owner-invite"));
        using var anyone = new ApiClient(Url, token: null);
        return (await anyone.Accounts.JoinAsync(new JoinRequest { Code = code.Trim(), Handle = handle })).Token;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static ProcessStartInfo Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(ServerProgram.Path, arguments);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("STORIES_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return start;
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
