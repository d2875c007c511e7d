using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance.Costs;

/// <summary>A program under valgrind's callgrind, which counts its instructions: the same on a busy machine as on a quiet one.</summary>
internal sealed partial class Callgrind : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stories-callgrind-").FullName;
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Callgrind(string program, string[] arguments)
    {
        _process = Process.Start(Command(_folder, program, ["--instr-atstart=no"], arguments))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _listens.TrySetException(new InvalidOperationException("the server ended instead of listening"));
            }
            else if (Listening().Match(line.Data) is { Success: true } match)
            {
                _listens.TrySetResult(new(match.Groups[1].Value));
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    public Uri Url { get; private set; } = null!;

    /// <summary>Starts the published server on existing data. It counts nothing until it is asked to.</summary>
    public static async Task<Callgrind> StartServerAsync(string data)
    {
        var server = new Callgrind(
            Published.Server,
            ["--data", data, "--listen", "http://127.0.0.1:0", "--disk-floor", "0", "--post-rate", "1000000"]
        );
        server.Url = await server._listens.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await server.ControlAsync("--instr=on");
        return server;
    }

    /// <summary>Instructions of a command from its start to its end.</summary>
    public static async Task<long> CountAsync(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("stories-callgrind-").FullName;
        try
        {
            var start = Command(folder, program, [], arguments);
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
            (await CommandRun.OfAsync(start)).Succeeded();
            return Total(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Instructions of the server while this runs: the least of three rounds, since timers of the server count, too.</summary>
    /// <param name="times">How often the action is done in a round.</param>
    /// <param name="action">What to count.</param>
    /// <returns>Instructions of one.</returns>
    public async Task<long> CountAsync(int times, Func<Task> action)
    {
        var least = long.MaxValue;
        await action();
        for (var round = 0; round < 3; round++)
        {
            await ControlAsync("--zero");
            for (var i = 0; i < times; i++)
            {
                await action();
            }
            await ControlAsync("--dump");
            least = Math.Min(least, Total(_folder) / times);
            foreach (var dump in Directory.EnumerateFiles(_folder))
            {
                File.Delete(dump);
            }
        }
        return least;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ControlAsync(string what) =>
        (await CommandRun.OfAsync(new("callgrind_control", [what, _process.Id.ToString(CultureInfo.InvariantCulture)]))).Succeeded();

    private static long Total(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("totals: ", StringComparison.Ordinal))
            .Sum(line => long.Parse(line["totals: ".Length..], CultureInfo.InvariantCulture));

    private static ProcessStartInfo Command(string folder, string program, string[] options, string[] arguments)
    {
        var start = new ProcessStartInfo(
            "valgrind",
            ["--tool=callgrind", "--fair-sched=yes", $"--callgrind-out-file={folder}/out.%p", .. options, program, .. arguments]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Person.Forget(start.Environment);
        // The runtime reserves more address space than valgrind has. Threads that spin would count by chance.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        return start;
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
