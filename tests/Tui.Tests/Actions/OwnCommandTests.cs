using StoriesCli.Testing;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;
using Terminal.Gui.Input;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Commands of the viewer's own on keys, with real programs.</summary>
public class OwnCommandTests : IntegrationTest
{
    [Fact]
    public async Task A_key_runs_a_program_that_gets_the_shown_story_and_no_secret()
    {
        var story = await Ana.Stories.PostTextAsync(
            new()
            {
                Text = "hello",
                Caption = "a $(touch gone)\u001b[2J caption",
                Slot = "build/main",
            },
            ApiClient.NewIdempotencyKey()
        );
        Environment.SetEnvironmentVariable("STORIES_TOKEN_OF_TEST", "sty_secret");
        using var effects = Look();
        await UntilAsync(s => s.Shown?.Id == story.Id);

        Press(Bound("env > seen; echo of no interest; echo nor this >&2"));
        Store.Model.Note!.Text.Should().StartWith("Running: env");
        await UntilAsync(s => s.Note?.Text.StartsWith("Done: ") == true);

        var variables = await File.ReadAllLinesAsync(Path.Combine(Folder, "seen"));
        variables
            .Should()
            .Contain([
                $"STORIES_EVENT_STORY_ID={story.Id}",
                "STORIES_EVENT_TYPE=story.shown",
                "STORIES_EVENT_AUTHOR=ana",
                "STORIES_EVENT_SLOT=build/main",
                "STORIES_EVENT_CAPTION=a $(touch gone) caption",
            ])
            .And.NotContain(line => line.Contains("sty_secret"));
        File.Exists(Path.Combine(Folder, "gone")).Should().BeFalse();
    }

    [Fact]
    public async Task A_failure_is_told_by_its_code_and_the_first_line_of_its_errors_and_much_output_stops_nothing()
    {
        await Ana.Stories.PostTextAsync(new() { Text = "hello" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown is not null);

        Press(Bound("head -c 3000000 /dev/zero; printf '\\n\\033[31mno such thing\\nmore\\n' >&2; head -c 3000000 /dev/zero >&2; exit 3"));

        await UntilAsync(s => s.Note?.Text.StartsWith("Exit code 3, \"no such thing\": head") == true);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_stopped()
    {
        await Ana.Stories.PostTextAsync(new() { Text = "hello" }, ApiClient.NewIdempotencyKey());
        using var effects = Look();
        await UntilAsync(s => s.Shown is not null);

        Press(Bound("echo $$ > pid.new; mv pid.new pid; sleep 1000"));
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Folder, "pid")));
        Host.Clock.Advance(TimeSpan.FromSeconds(61));

        await UntilAsync(s => s.Note?.Text.StartsWith("Stopped after 60 s: ") == true);
        var pid = (await File.ReadAllTextAsync(Path.Combine(Folder, "pid"))).Trim();
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public void A_restricted_viewer_is_told_that_programs_are_off()
    {
        var keys = KeyTable.With(new Dictionary<string, string> { ["ctrl-x"] = "exec: touch gone" });
        var s = Some.Looking(Some.Story("ana", 1)).Restricted().After(keys.Find(Key.X.WithCtrl)!);

        s.Commands.Should().BeEmpty();
        s.Note!.Text.Should().Be("External programs are off here: --restricted.");
        keys.For(restricted: true).Should().NotContain(binding => binding.Action is OwnCommand);
        keys.For(restricted: false).Should().Contain(binding => binding.Label == "Ctrl-X" && binding.Action.Help == "run: touch gone");
    }

    [Fact]
    public void A_key_that_is_held_down_starts_one_program()
    {
        var s = Some.Looking(Some.Story("ana", 1)).After(Bound("sleep 1"), Bound("sleep 1"));

        s.Commands.Should().ContainSingle();
        s.Note!.Text.Should().Be("Still running: sleep 1");
    }

    private static Msg Bound(string line) =>
        KeyTable.With(new Dictionary<string, string> { ["ctrl-x"] = $"exec: {line}" }).Find(Key.X.WithCtrl)!;
}
