using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The published server as a process of its own, with its data in a temporary directory.</summary>
internal sealed partial class RealServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-acceptance-").FullName;
    private readonly string[] _options;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ConcurrentQueue<string> _log = new();
    private Person? _owner;
    private Process _process = null!;

    private RealServer(IReadOnlyDictionary<string, string> environment, string[] options) =>
        (_environment, _options) = (environment, options);

    public Uri Url { get; private set; } = null!;

    /// <summary>What it has logged so far.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public string DataPath => Path.Combine(_folder, "data");

    public long ResidentBytes => CommandRun.ReadMemory(_process.Id, "VmRSS");

    public long PeakBytes => CommandRun.ReadMemory(_process.Id, "VmHWM");

    /// <summary>Files that it has in its memory, such as libraries.</summary>
    public IEnumerable<string> MappedFiles =>
        File.ReadLines($"/proc/{_process.Id}/maps")
            .Where(line => line.Contains('/', StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Distinct();

    public int ThreadCount => Directory.GetDirectories($"/proc/{_process.Id}/task").Length;

    public static Task<RealServer> StartAsync(params string[] options) => StartAsync(new Dictionary<string, string>(), options);

    /// <param name="environment">What it finds there beside what the tests do.</param>
    /// <param name="options">Its own.</param>
    public static async Task<RealServer> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var server = new RealServer(environment, options);
        await server.OpenAsync();
        return server;
    }

    /// <summary>A server on this directory, run to its end.</summary>
    public static Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(Start(arguments));

    /// <summary>Starts it again on the same data; the system chooses another port.</summary>
    public Task RestartAsync() => OpenAsync();

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>As <c>kill</c> does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        (await CommandRun.OfAsync(new("kill", [$"{_process.Id}"]))).Succeeded();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Makes an account with <c>stories join</c>: the first is the owner, who invites all others.</summary>
    public async Task<Person> JoinAsync(string handle)
    {
        var code = _owner is null
            ? await File.ReadAllTextAsync(Path.Combine(DataPath, "owner-invite"))
            : (await _owner.StoriesAsync("invite", "create")).Succeeded().Out;
        var person = new Person(this, Path.Combine(_folder, handle));
        (await person.RunAsync(Published.Stories, ["join", Url.ToString(), "--handle", handle], code)).Succeeded();
        _owner ??= person;
        return person;
    }

    /// <summary>Whether anything of a story lies in the data directory as a file.</summary>
    public bool HasFilesOf(string id) => Directory.EnumerateFiles(DataPath, id + "*", SearchOption.AllDirectories).Any();

    public async ValueTask DisposeAsync()
    {
        if (IsRunning())
        {
            await KillAsync();
        }
        // A program that was started behind a prompt may still write its cache into somebody's home.
        await Eventually.TrueAsync(() =>
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                // Not yet.
            }
            return !Directory.Exists(_folder);
        });
    }

    private async Task OpenAsync()
    {
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] listen = _options.Contains("--listen") ? [] : ["--listen", "http://127.0.0.1:0"];
        var start = Start(["--data", DataPath, .. listen, "--disk-floor", "0", .. _options]);
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) =>
        {
            _log.Enqueue(line.Data ?? "(the end)");
            if (line.Data is null)
            {
                listens.TrySetException(new InvalidOperationException($"the server ended instead of listening: {string.Join('\n', _log)}"));
            }
            else if (Listening().Match(line.Data) is { Success: true } match)
            {
                listens.TrySetResult(new(match.Groups[1].Value));
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
        Url = await listens.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private bool IsRunning()
    {
        try
        {
            return !_process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Published.Server, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Person.Forget(start.Environment);
        return start;
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
