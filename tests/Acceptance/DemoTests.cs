using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>The first command that a new user types.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly TimeSpan Building = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("stories-demo-test-").FullName;
    private string[] _before = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_a_terminal_it_lists_what_it_posted_and_leaves_nothing()
    {
        var run = (await CommandRun.OfAsync(new(Published.Script("demo")) { Environment = { ["TMPDIR"] = _folder } })).Succeeded();

        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines
            .Where(line => !line.StartsWith("demo: ", StringComparison.Ordinal))
            .Select(line => line.Split('\t')[1])
            .Should()
            .Equal("text", "video", "image");
        run.Error.Should().BeEmpty();
        LeftBehind().Should().BeEmpty();
    }

    [Fact]
    public async Task On_a_terminal_it_opens_the_terminal_ui_and_leaves_nothing()
    {
        await using var terminal = await StartOnTerminalAsync();
        await terminal.SeesAsync("▀", Building);
        await terminal.PressAsync("q");
        await terminal.SeesAsync("ended with 0");

        await Eventually.TrueAsync(() => !LeftBehind().Any());
    }

    [Fact]
    public async Task Interrupted_it_leaves_nothing()
    {
        await using var terminal = await StartOnTerminalAsync();
        await terminal.SeesAsync("builds the programs", Building);
        await terminal.PressAsync("C-c");
        await terminal.SeesAsync("ended with 130");

        await Eventually.TrueAsync(() => !LeftBehind().Any());
    }

    private async Task<TmuxRobot> StartOnTerminalAsync()
    {
        var terminal = await TmuxRobot.OpenAsync(100, 30, new Dictionary<string, string> { ["TMPDIR"] = _folder });
        _before = [.. Processes()];
        await terminal.PressAsync($"{Published.Script("demo")}; echo ended with $?", "Enter");
        return terminal;
    }

    /// <summary>Files in its temporary directory, and processes that were started with that.</summary>
    private IEnumerable<string> LeftBehind() => Directory.EnumerateFileSystemEntries(_folder).Concat(Processes().Except(_before));

    private IEnumerable<string> Processes() =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), out _) && Knows(process, $"TMPDIR={_folder}"));

    private static bool Knows(string process, string variable)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Split('\0').Contains(variable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return false;
        }
    }
}
