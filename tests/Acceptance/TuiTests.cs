using StoriesCli.Testing;

namespace StoriesCli.Acceptance;

/// <summary>What a person does at a real terminal, with the published programs.</summary>
public sealed class TuiTests
{
    [Fact]
    public async Task A_morning_is_caught_up_with_and_what_comes_meanwhile_appears_by_itself()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        var cid = await server.JoinAsync("cid");
        (await ana.StoriesAsync("post", Published.Sample("photo.jpg"), "--caption", "The new desk")).Succeeded();
        (await ana.StoriesAsync("post", "--text", "second of ana")).Succeeded();
        (await bob.StoriesAsync("post", "--text", "only one of bob")).Succeeded();
        await using var terminal = await TmuxRobot.OpenAsync(120, 40, cid.Environment);
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("only one of bob");
        await terminal.SeesAsync("2 new");

        await terminal.PressAsync("Space", "l");
        await terminal.SeesAsync("The new desk");
        await terminal.SeesAsync("▀");
        await terminal.SeesAsync("1 new");
        await terminal.PressAsync("Right");
        await terminal.SeesAsync("second of ana");
        await terminal.SeesNoMoreAsync("1 new");

        (await bob.StoriesAsync("post", "--text", "breaking news")).Succeeded();
        await terminal.SeesAsync("1 new", TimeSpan.FromSeconds(5));
        await terminal.SeesAsync("◉ bob");
        await terminal.PressAsync(":");
        await terminal.SeesAsync("What you can do here");
        await terminal.PressAsync("-l", "server people");
        await terminal.SeesAsync("▸ all people on the server");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("People: 3");
        await terminal.PressAsync("bob", "Enter");
        await terminal.SeesAsync("breaking news");
        await terminal.SeesNoMoreAsync("1 new");

        await terminal.PressAsync("/");
        await terminal.PressAsync("-l", "of ana");
        await terminal.SeesAsync("1 story");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("/ of ana");

        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
    }

    [Fact]
    public async Task Somebody_new_starts_it_pastes_a_link_and_is_there()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        (await ana.StoriesAsync("post", "--text", "welcome, all")).Succeeded();
        var link = (await ana.StoriesAsync("invite", "create")).Succeeded().Out.Trim();
        var newcomer = new Person(server, Path.Combine(ana.Home, "newcomer"));
        await using var terminal = await TmuxRobot.OpenAsync(120, 40, newcomer.Environment);

        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("You have not joined a server yet.");
        await terminal.SeesAsync("stories-server --data try");
        await terminal.SeesAsync("Invite link");
        await terminal.PressAsync("-l", link);
        await terminal.SeesAsync("••••");
        await terminal.PressAsync("Down", "Down");
        await terminal.PressAsync("-l", "newcomer");
        await terminal.PressAsync("Enter", "Enter");

        await terminal.SeesAsync("welcome, all");
        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
    }

    [Fact]
    public async Task A_reply_is_written_sent_and_answered()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        (await ana.StoriesAsync("post", "--text", "who takes the demo?")).Succeeded();
        await using var his = await TmuxRobot.OpenAsync(80, 24, bob.Environment);
        await using var hers = await TmuxRobot.OpenAsync(120, 40, ana.Environment);
        await his.PressAsync("stories", "Enter");
        await hers.PressAsync("stories", "Enter");
        await his.SeesAsync("who takes the demo?");
        await hers.SeesAsync("seen by 1: bob");

        await his.PressAsync("r");
        await his.SeesAsync("Enter sends");
        await his.PressAsync("-l", "I do, quite gladly");
        await his.PressAsync("Enter");
        await hers.SeesAsync("bob  I do, quite gladly");
        await his.SeesAsync("bob  I do, quite gladly");
        await hers.PressAsync("e");
        await hers.PressAsync("Right", "Enter");
        await his.SeesAsync("😂 1");

        await hers.PressAsync("D");
        await hers.SeesAsync("Delete this story for everybody?");
        await hers.PressAsync("Enter");
        await hers.SeesNoMoreAsync("Delete this story for everybody?");
        await hers.PressAsync("D");
        await hers.SeesAsync("Delete this story for everybody?");
        await hers.PressAsync("y");
        await his.SeesNoMoreAsync("who takes the demo?", TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_file_is_picked_and_posted()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        Directory.CreateDirectory(Path.Combine(ana.Home, "media"));
        File.Copy(Published.Sample("photo.jpg"), Path.Combine(ana.Home, "media", "photo.jpg"));
        await using var terminal = await TmuxRobot.OpenAsync(100, 30, ana.Environment);
        await terminal.PressAsync($"cd {ana.Home}; stories", "Enter");
        await terminal.SeesAsync("Nothing to see yet");

        await terminal.PressAsync("n");
        await terminal.SeesAsync("[ Post ]");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("media/");
        await terminal.PressAsync("-l", "med");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("photo.jpg");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("media/photo.jpg");
        await terminal.PressAsync("-l", "From my terminal");
        await terminal.PressAsync("Down");
        await terminal.PressAsync("-l", "6h");
        await terminal.PressAsync("Down", "Down", "Down", "Down", "Down", "Enter");

        await terminal.SeesAsync("Posted.");
        await terminal.SeesAsync("From my terminal");
        await terminal.SeesAsync("▀");
        var story = (await ana.StoriesJsonAsync("list")).EnumerateArray().Single();
        story.GetProperty("caption").GetString().Should().Be("From my terminal");
    }

    [Fact]
    public async Task A_server_that_goes_is_said_to_be_away_while_the_stories_stay_and_comes_back_by_itself()
    {
        await using var server = await RealServer.StartAsync();
        var ana = await server.JoinAsync("ana");
        var bob = await server.JoinAsync("bob");
        (await ana.StoriesAsync("post", "--text", "first card")).Succeeded();
        using var gate = new NetworkGate(server.Url);
        await using var terminal = await TmuxRobot.OpenAsync(
            100,
            24,
            new Dictionary<string, string>(bob.Environment) { ["STORIES_URL"] = gate.Url.ToString(), ["STORIES_TOKEN"] = bob.Token }
        );
        await terminal.PressAsync("stories", "Enter");
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("first card");

        gate.Close();
        await terminal.SeesAsync("● offline");
        (await terminal.ScreenAsync()).Should().Contain("first card");
        await terminal.PressAsync("r");
        await terminal.PressAsync("-l", "are you there?");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("Nothing listens");
        (await ana.StoriesAsync("post", "--text", "second card")).Succeeded();
        gate.Open();

        await terminal.SeesAsync("● live", TimeSpan.FromSeconds(40));
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("bob  are you there?");
        await terminal.PressAsync("Right");
        await terminal.SeesAsync("second card");

        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
    }
}
