using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

public sealed class LiveTests
{
    private const int Kills = 8;

    [Fact]
    public async Task Kills_lose_no_output_that_was_acknowledged()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var id = "";
        using (var http = ana.Http())
        using (var begin = new StringContent("""{ "width": 80, "height": 24 }""", Encoding.UTF8, "application/json"))
        using (var begun = await http.PostAsync("/v1/live", begin))
        {
            id = JsonDocument.Parse(await begun.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
        }
        var sent = new StringBuilder();
        var number = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var http = ana.Http();
            var sending = SendUntilKilledAsync(http, number + 1 + Random.Shared.Next(20));
            await sending.Enough;
            await server.KillAsync();
            await sending.Over;
            await server.RestartAsync();
        }
        using var last = ana.Http();
        using var end = new StringContent("""{ "exitCode": 0 }""", Encoding.UTF8, "application/json");
        using var ended = await last.PostAsync($"/v1/live/{id}/end", end);
        ended.StatusCode.Should().Be(HttpStatusCode.OK);

        var recording = await last.GetStringAsync($"/v1/stories/{id}/media");
        recording[(recording.IndexOf('\n', StringComparison.Ordinal) + 1)..].Should().StartWith(sent.ToString());

        (Task Enough, Task Over) SendUntilKilledAsync(HttpClient http, int wanted)
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (enough.Task.WaitAsync(TimeSpan.FromSeconds(60)), SendAsync());

            async Task SendAsync()
            {
                try
                {
                    while (true)
                    {
                        var line = $"[0.01,\"o\",\"line {number}\\r\\n\"]\n";
                        using var message = new HttpRequestMessage(HttpMethod.Post, $"/v1/live/{id}/output");
                        message.Content = new StringContent(line);
                        message.Headers.Add("Offset", sent.Length.ToString(CultureInfo.InvariantCulture));
                        using var answer = await http.SendAsync(message);
                        // The answer of the last request may have been lost in the kill.
                        var there = int.Parse(answer.Headers.GetValues("Offset").Single(), CultureInfo.InvariantCulture);
                        there.Should().BeOneOf(sent.Length, sent.Length + line.Length);
                        if (there > sent.Length)
                        {
                            sent.Append(line);
                            number++;
                        }
                        if (number >= wanted)
                        {
                            enough.TrySetResult();
                        }
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException) { }
            }
        }
    }

    [Fact]
    public async Task Somebody_watches_a_shell_in_another_terminal_and_the_panic_key_ends_it_for_both()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        await using var hers = await TmuxRobot.OpenAsync(80, 24, ana.Environment);
        await using var his = await TmuxRobot.OpenAsync(80, 24, bob.Environment);

        await hers.PressAsync("stories live --delay 0s -- sh; echo code-$?", "Enter");
        await hers.SeesAsync("Live as ");
        await hers.PressAsync("echo one-$((1+1))", "Enter");
        await hers.SeesAsync("one-2");
        await his.PressAsync("stories play @ana; echo left-$?", "Enter");
        await his.SeesAsync("one-2");
        await hers.PressAsync("echo two-$((2+2))", "Enter");
        await his.SeesAsync("two-4");
        await his.PressAsync("x", "Enter");
        await hers.PressAsync("C-\\", "C-\\");
        await his.SeesAsync("left-3");
        await hers.PressAsync("exit 7", "Enter");
        await hers.SeesAsync(" is deleted. Nothing of the command");
        await hers.SeesAsync("code-7");

        (await bob.StoriesJsonAsync("list")).GetArrayLength().Should().Be(0);
        Directory.EnumerateFiles(Path.Combine(server.DataPath, "media"), "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_follows_a_command_sees_how_it_ended()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        await using var hers = await TmuxRobot.OpenAsync(80, 24, ana.Environment);
        await using var his = await TmuxRobot.OpenAsync(80, 24, bob.Environment);

        await hers.PressAsync("stories live -- sh -c 'echo be$((0+0))gun; read x; exit 4'; echo code-$?", "Enter");
        await his.PressAsync("until stories list | grep live; do sleep 0.2; done; stories play @ana", "Enter");
        await his.SeesAsync("be0gun");
        await hers.PressAsync("", "Enter");
        await hers.SeesAsync("code-4");

        await his.SeesAsync("failed, with exit code 4.");
    }

    [Fact]
    public async Task The_terminal_ui_and_the_sender_go_on_after_a_kill_of_the_server_and_the_end_is_the_recording()
    {
        await using var server = await RealServer.StartAsync();
        using var gate = new NetworkGate(() => server.Url);
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        await using var hers = await TmuxRobot.OpenAsync(100, 30, Through(ana));
        await using var his = await TmuxRobot.OpenAsync(120, 40, Through(bob));

        await hers.PressAsync("stories live --delay 0s --slot build/main -- sh; echo code-$?", "Enter");
        await hers.SeesAsync("Live as ");
        await hers.PressAsync("echo one-$((1+1))", "Enter");
        await his.PressAsync("stories", "Enter");
        await his.SeesAsync("● build/main");
        await his.PressAsync("Right");
        await his.SeesAsync("one-2");
        gate.Close();
        await server.KillAsync();
        await his.SeesAsync("○ live");
        await hers.PressAsync("echo two-$((2+2))", "Enter");
        await hers.SeesAsync("two-4");
        await server.RestartAsync();
        gate.Open();
        await his.SeesAsync("two-4");
        await his.PressAsync("x", "Enter");
        await hers.PressAsync("echo three-$((3+3))", "Enter");
        await his.SeesAsync("three-6");
        await hers.PressAsync("exit 7", "Enter");
        await hers.SeesAsync("code-7");

        await his.SeesAsync("✗ build/main");
        await his.SeesAsync("three-6");
        await his.SeesNoMoreAsync("● live │");

        Dictionary<string, string> Through(Person person) =>
            new(person.Environment) { ["STORIES_URL"] = gate.Url.ToString(), ["STORIES_TOKEN"] = person.Token };
    }

    [Fact]
    public async Task A_flood_of_output_needs_no_memory_of_its_size()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");

        // The shell writes what it got into a file: the test would have to keep it otherwise.
        var run = await ana.RunAsync(
            "sh",
            [
                "-c",
                """stories live --quiet -- sh -c 'head -c 150000000 /dev/zero | tr "\0" x; grep VmHWM /proc/$PPID/status >peak' >shown""",
            ]
        );
        run.Succeeded();

        var peak = long.Parse(
            File.ReadAllText(Path.Combine(ana.Home, "peak")).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
        new FileInfo(Path.Combine(ana.Home, "shown")).Length.Should().Be(150_000_000, "all of it went through");
        peak.Should().BeLessThan(100_000, "it is said in kB");
    }
}
