using System.Diagnostics;
using System.Globalization;
using System.Text;
using StoriesCli.Testing;
using Xunit.Abstractions;

namespace StoriesCli.Acceptance;

/// <summary>What the viewer takes of time, line and memory. The bounds are wide, because machines differ; what was measured is written out.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class ViewerSpeedTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Pictures = 50,
        Starts = 7;

    private RealServer _server = null!;
    private Person _ana = null!;

    // In tmux kitty's pictures go another way; these are those of a terminal that takes whatever is sent.
    private const string Viewer = "env -u TMUX stories";

    private TmuxRobot _terminal = null!;

    public async Task InitializeAsync()
    {
        _server = await RealServer.StartAsync();
        _ana = await _server.JoinAsync("ana");
        var chart = Path.Combine(_ana.Home, "chart.png");
        (
            await _ana.RunAsync(
                "ffmpeg",
                ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x960", "-frames:v", "1", chart]
            )
        ).Succeeded();
        (await _ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "picture 1.")).Succeeded();
        (await _ana.StoriesAsync("post", chart, "--caption", "picture 2.")).Succeeded();
        (await _ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "picture 3.")).Succeeded();
        _terminal = await TmuxRobot.OpenAsync(120, 40, _ana.Environment);
    }

    public async Task DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_is_there_as_soon_as_other_commands_are()
    {
        List<double> curls = [],
            frames = [];
        for (var i = 0; i < Starts; i++)
        {
            var watch = Stopwatch.StartNew();
            (await _ana.RunAsync("curl", ["--version"])).Succeeded();
            curls.Add(watch.Elapsed.TotalMilliseconds);
            var record = await RecordAsync($"start{i}", () => _terminal.SeesAsync("● live"));
            frames.Add(record.First(part => part.Says("people")).At.TotalMilliseconds);
        }
        var (curl, frame) = (Median(curls), Median(frames));
        output.WriteLine($"measured: first frame {frame:0} ms, curl --version {curl:0} ms (medians of {Starts})");

        frame.Should().BeInRange(1, Math.Max(200, 5 * curl));
    }

    [Theory]
    [InlineData("blocks", "▀")]
    [InlineData("sixel", "\u001bP0;1;0q")]
    [InlineData("kitty", "\u001b_Ga=T")]
    public async Task Keys_are_answered_and_pictures_change_at_once_and_a_still_screen_is_quiet(string images, string picture)
    {
        var quiet = (Bytes: 0L, Cpu: 0.0);
        var record = await RecordAsync(
            images,
            async () =>
            {
                await _terminal.SeesAsync("picture 1.");
                await _terminal.PressAsync("Space");
                await _terminal.SeesAsync("⏸");
                await SettledAsync(images);
                for (var i = 0; i < 6; i++)
                {
                    await _terminal.PressAsync(i % 2 == 0 ? "Right" : "Left");
                    await _terminal.SeesAsync($"picture {1 + (i + 1) % 2}.");
                    await SettledAsync(images);
                }
                quiet = await QuietAsync(images);
            },
            $"--images {images}"
        );

        var keys = record.Where(part => part.IsKey && part.Text is "\u001b[C" or "\u001b[D" or "\u001bOC" or "\u001bOD").ToArray();
        var answers = keys.Select(key => Delay(record, key, part => part.Text.Length > 0)).ToList();
        var pictures = keys.Select(key => Delay(record, key, part => part.Says(picture))).ToList();
        output.WriteLine(
            $"measured, {images}: key to screen {Median(answers):0} ms, to the next picture {Median(pictures):0} ms, still screen {quiet.Bytes} bytes/s and {quiet.Cpu:P1} of a core"
        );

        keys.Should().HaveCount(6);
        Median(answers).Should().BeInRange(0, 150);
        Median(pictures).Should().BeInRange(0, 300);
        quiet.Bytes.Should().BeLessThan(5_000);
        quiet.Cpu.Should().BeLessThan(0.15);
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("sixel")]
    [InlineData("kitty")]
    public async Task Fifty_pictures_seen_leave_little_behind(string images)
    {
        // One program posts them all, over one connection.
        var posts = Path.Combine(_ana.Home, "posts.curl");
        await File.WriteAllTextAsync(
            posts,
            string.Join(
                "next\n",
                Enumerable
                    .Range(4, Pictures - 3)
                    .Select(i =>
                        $"""
                            fail
                            silent
                            show-error
                            url = "{new Uri(_server.Url, $"/v1/stories?caption=picture%20{i}.").AbsoluteUri}"
                            header = "Authorization: Bearer {_ana.Token}"
                            header = "Content-Type: image/jpeg"
                            data-binary = "@{Published.Sample("photo.jpg")}"
                            output = "/dev/null"

                            """
                    )
            )
        );
        (await _ana.RunAsync("curl", ["--config", posts])).Succeeded();
        await _terminal.PressAsync($"{Viewer} --images {images}", "Enter");
        for (var i = 1; i <= Pictures; i++)
        {
            await _terminal.SeesAsync($"picture {i}.");
            await _terminal.PressAsync("Right");
        }
        var viewer = await ViewerAsync(await _terminal.AskAsync("pane_pid"));
        var peak = CommandRun.ReadMemory(viewer, "VmHWM") / (1024 * 1024);
        output.WriteLine($"measured, {images}: {peak} MiB at most with {Pictures} pictures seen");

        peak.Should().BeInRange(1, 80);
    }

    /// <summary>What went through the terminal, and when.</summary>
    private sealed record Part(TimeSpan At, bool IsKey, string Text)
    {
        public bool Says(string text) => !IsKey && Text.Contains(text, StringComparison.Ordinal);
    }

    private async Task<Part[]> RecordAsync(string name, Func<Task> look, string options = "")
    {
        var (keys, screen, times) = (
            Path.Combine(_ana.Home, name + ".keys"),
            Path.Combine(_ana.Home, name + ".screen"),
            Path.Combine(_ana.Home, name + ".times")
        );
        await _terminal.PressAsync(
            $"clear; script -q -f -I {keys} -O {screen} -T {times} -c '{Viewer} {options}'; echo over-{name}",
            "Enter"
        );
        await look();
        await _terminal.PressAsync("q");
        await _terminal.SeesAsync($"over-{name}");
        return Read(await File.ReadAllBytesAsync(keys), await File.ReadAllBytesAsync(screen), await File.ReadAllLinesAsync(times));
    }

    /// <summary>Lines such as <c>O 0.021 6</c>: kind, seconds since the line before, bytes.</summary>
    private static Part[] Read(byte[] keys, byte[] screen, string[] times)
    {
        // The first line of each says how it was made.
        var (keyAt, screenAt) = (Array.IndexOf(keys, (byte)'\n') + 1, Array.IndexOf(screen, (byte)'\n') + 1);
        var parts = new List<Part>();
        var at = TimeSpan.Zero;
        foreach (var words in times.Select(line => line.Split(' ')).Where(words => words[0] is "I" or "O"))
        {
            var length = int.Parse(words[2], CultureInfo.InvariantCulture);
            at += TimeSpan.FromSeconds(double.Parse(words[1], CultureInfo.InvariantCulture));
            var isKey = words[0] == "I";
            parts.Add(new(at, isKey, Encoding.UTF8.GetString(isKey ? keys : screen, isKey ? keyAt : screenAt, length)));
            _ = isKey ? keyAt += length : screenAt += length;
        }
        return [.. parts];
    }

    private static double Delay(Part[] record, Part key, Func<Part, bool> isAnswer) =>
        (record.SkipWhile(part => part != key).First(part => !part.IsKey && isAnswer(part)).At - key.At).TotalMilliseconds;

    /// <summary>Until all of a picture has gone through: tmux takes its time to throw graphics away.</summary>
    private async Task SettledAsync(string name)
    {
        var (length, alike) = (0L, 0);
        await Eventually.TrueAsync(() =>
        {
            var now = new FileInfo(Path.Combine(_ana.Home, name + ".screen")).Length;
            (length, alike) = (now, now == length ? alike + 1 : 0);
            return alike == 10;
        });
    }

    /// <summary>Bytes a second, and the share of a core, while nothing happens.</summary>
    private async Task<(long Bytes, double Cpu)> QuietAsync(string name)
    {
        var script = await ViewerAsync(await _terminal.AskAsync("pane_pid"), "script");
        using var viewer = Process.GetProcessById(await ViewerAsync(script.ToString(CultureInfo.InvariantCulture)));
        var screen = new FileInfo(Path.Combine(_ana.Home, name + ".screen"));
        var (bytes, cpu, watch) = (screen.Length, viewer.TotalProcessorTime, Stopwatch.StartNew());
        await Eventually.TrueAsync(() => watch.Elapsed > TimeSpan.FromSeconds(3));
        screen.Refresh();
        viewer.Refresh();
        return ((long)((screen.Length - bytes) / watch.Elapsed.TotalSeconds), (viewer.TotalProcessorTime - cpu) / watch.Elapsed);
    }

    private static async Task<int> ViewerAsync(string parent, string name = "stories") =>
        int.Parse(
            (await CommandRun.OfAsync(new ProcessStartInfo("pgrep", ["-P", parent, "-x", name]))).Succeeded().Out.Trim(),
            CultureInfo.InvariantCulture
        );

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
