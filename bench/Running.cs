using System.Diagnostics;
using System.Globalization;

namespace StoriesCli.Bench;

/// <summary>A program that runs beside the benchmark, and ends with it.</summary>
internal sealed class Running : IDisposable
{
    private static readonly List<Running> All = [];

    // The kernel's unit of processor time in /proc is a hundredth of a second on every Linux.
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    public Running(string program, params string[] arguments)
        : this(program, environment: null, arguments) { }

    public Running(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        // setpriv has the kernel end the program with this one, however this one ends.
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])["--pdeathsig", "KILL", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        lock (All)
        {
            All.Add(this);
        }
    }

    public int Id => _process.Id;

    public string Log { get; private set; } = "";

    public bool HasEnded => _process.HasExited;

    /// <summary>Processor time of the program and of its children that still run, in seconds.</summary>
    public double ProcessorSeconds => Tree(Id).Sum(Ticks) / TicksPerSecond;

    /// <summary>Resident memory in MB of 10⁶ bytes.</summary>
    public double MemoryMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = TryRun(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    public static (int Code, string Output) TryRun(string program, params string[] arguments)
    {
        using var running = new Running(program, arguments);
        running._process.WaitForExit();
        return (running._process.ExitCode, running.Log);
    }

    public static void EndAll()
    {
        Running[] all;
        lock (All)
        {
            all = [.. All];
        }
        foreach (var running in all)
        {
            running.Dispose();
        }
    }

    /// <summary>Waits until something listens on a port of 127.0.0.1.</summary>
    /// <param name="port">The port.</param>
    /// <exception cref="InvalidOperationException">The program has ended, or does not listen within some seconds.</exception>
    public void AwaitPort(int port)
    {
        for (var tries = 0; !IsListening(port); tries++)
        {
            if (HasEnded || tries > 1000)
            {
                throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[2]} did not start: {Log}");
            }
            Thread.Sleep(5);
        }
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            client.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    /// <summary>Asks it to stop, and waits for its end.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
        {
            Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.WaitForExit();
    }

    public void Dispose()
    {
        lock (All)
        {
            if (!All.Remove(this))
            {
                return;
            }
        }
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_process)
        {
            Log += line is null ? "" : line + "\n";
        }
    }

    private static IEnumerable<int> Tree(int id)
    {
        yield return id;
        foreach (var task in Directory.EnumerateDirectories($"/proc/{id}/task"))
        {
            foreach (var child in File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var below in Tree(int.Parse(child, CultureInfo.InvariantCulture)))
                {
                    yield return below;
                }
            }
        }
    }

    private static double Ticks(int id)
    {
        var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ');
        return double.Parse(fields[12], CultureInfo.InvariantCulture) + double.Parse(fields[13], CultureInfo.InvariantCulture);
    }
}
