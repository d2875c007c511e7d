using StoriesCli.Testing;

namespace StoriesCli.Tui.Tests.Terminal;

/// <summary>The keys as a real terminal sends them.</summary>
public class KeysInTerminalTests
{
    [Fact]
    public async Task Letters_move_Tab_leads_into_the_story_digits_vote_there_and_the_palette_does_what_is_chosen()
    {
        await using var host = await ServerHost.StartAsync();
        var (ana, bob) = (await host.SignInAsync("ana"), await host.SignInAsync("bob"));
        var command = await Viewer.CommandAsync(host, "dora");
        var poll = await ana.Stories.PostTextAsync(
            new()
            {
                Text = "a poll of ana",
                Poll = new() { Question = "When?", Options = ["today", "tomorrow"] },
            },
            ApiClient.NewIdempotencyKey()
        );
        await bob.Stories.PostTextAsync(new() { Text = "a card of bob" }, ApiClient.NewIdempotencyKey());
        await using var terminal = await TmuxRobot.OpenAsync(120, 30, new Dictionary<string, string>());
        await terminal.PressAsync(command, "Enter");
        await terminal.SeesAsync("● live");
        await terminal.SeesAsync("a card of bob");

        await terminal.PressAsync("Space", "G", "Enter");
        await terminal.SeesAsync("a poll of ana");
        await terminal.PressAsync("h");
        await terminal.SeesAsync("a card of bob");
        await terminal.PressAsync("2");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("a poll of ana");

        await terminal.PressAsync("Tab", "2");
        await terminal.SeesAsync("● 2 tomorrow");
        (await ana.Stories.GetAsync(poll.Id)).Poll!.Options.Select(option => option.Votes).Should().Equal(0, 1);

        await terminal.PressAsync("C-p");
        await terminal.SeesAsync("What you can do here");
        await terminal.PressAsync("-l", "emoji");
        await terminal.SeesAsync("Nothing here is called so.");
        await terminal.PressAsync("BSpace", "BSpace", "BSpace", "BSpace", "BSpace");
        await terminal.PressAsync("-l", "react undo");
        await terminal.SeesAsync("▸ react, or undo");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("Enter reacts");
        await terminal.PressAsync("Escape");
        // A letter at once after it would be Alt and the letter.
        await terminal.SeesNoMoreAsync("Enter reacts");

        await terminal.PressAsync("/");
        await terminal.PressAsync("-l", "card");
        await terminal.SeesAsync("1 story");
        await terminal.PressAsync("Enter");
        await terminal.SeesAsync("/ card");
        await terminal.PressAsync("q");
        await terminal.SeesAsync("ready>");
    }
}
