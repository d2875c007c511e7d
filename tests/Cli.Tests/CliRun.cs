using System.Text;
using StoriesCli.Client.Configuration;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record Ran(int ExitCode, byte[] OutBytes, string Error)
{
    public string Out => Encoding.UTF8.GetString(OutBytes);
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Somebody at a shell: a home of their own, an environment, and no terminal unless the test gives one.</summary>
internal sealed class Shell : IDisposable
{
    private volatile SharedStream _output = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stories-home-");

    public Shell() =>
        Environment = new()
        {
            ["XDG_CONFIG_HOME"] = _home.FullName,
            ["XDG_CACHE_HOME"] = Path.Combine(_home.FullName, "cache"),
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH"),
        };

    public Dictionary<string, string?> Environment { get; }
    public string Home => _home.FullName;
    public ConfigFile ConfigFile => ConfigFile.Find(name => Environment.GetValueOrDefault(name));
    public TimeProvider Clock { get; set; } = TimeProvider.System;
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Which of stdin, stdout and stderr are a terminal.</summary>
    public bool HasTerminal { get; set; }
    public bool HasErrorTerminal { get; set; }
    public string? TypedSecret { get; set; }

    /// <summary>What is typed at one prompt after the other, before <see cref="TypedSecret"/>.</summary>
    public Queue<string> TypedSecrets { get; } = new();

    /// <summary>What was started behind the user's back.</summary>
    public List<string[]> StartedBehind { get; } = [];

    /// <summary>What the command that runs has printed so far.</summary>
    public string Printed => _output.Text;
    public string ProgramFolder { get; set; } = "/nonexistent";

    /// <summary>Somebody who has joined the server.</summary>
    public static async Task<Shell> SignInAsync(ServerHost host, string handle, string role = Roles.Member) =>
        new()
        {
            Clock = host.Clock,
            Environment = { ["STORIES_URL"] = host.Url.ToString(), ["STORIES_TOKEN"] = await host.JoinAsync(handle, role) },
        };

    public Task<Ran> RunAsync(params string[] args) => RunWithInputAsync([], args);

    public Task<Ran> RunWithInputAsync(string input, params string[] args) => RunWithInputAsync(Encoding.UTF8.GetBytes(input), args);

    public async Task<Ran> RunWithInputAsync(byte[] input, string[] args, CancellationToken cancel = default)
    {
        var output = _output = new SharedStream();
        using var error = new StringWriter();
        var context = new CliContext
        {
            In = new MemoryStream(input),
            Out = output,
            Error = error,
            InIsTerminal = HasTerminal,
            OutIsTerminal = HasTerminal,
            ErrorIsTerminal = HasTerminal || HasErrorTerminal,
            ReadSecret = () => TypedSecrets.TryDequeue(out var typed) ? typed : TypedSecret,
            Environment = name => Environment.GetValueOrDefault(name),
            Variables = () =>
                Environment
                    .Where(variable => variable.Value is not null)
                    .Select(variable => KeyValuePair.Create(variable.Key, variable.Value!)),
            Clock = Clock,
            Zone = Zone,
            StartDetached = args =>
            {
                StartedBehind.Add(args);
                return true;
            },
            ProgramFolder = ProgramFolder,
        };
        var code = await CliApp.RunAsync(args, context, cancel);
        return new(code, output.ToArray(), error.ToString());
    }

    public string WriteFile(string name, byte[] bytes)
    {
        var path = Path.Combine(Home, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WriteFile(string name, string text) => WriteFile(name, Encoding.UTF8.GetBytes(text));

    public void Dispose() => _home.Delete(recursive: true);

    /// <summary>Read by the test while the command writes.</summary>
    private sealed class SharedStream : MemoryStream
    {
        private readonly Lock _gate = new();

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        // The other ways to write of a class derived from MemoryStream end here.
        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (_gate)
            {
                base.Write(buffer, offset, count);
            }
        }
    }
}
