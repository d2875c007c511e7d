using StoriesCli.Contracts;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Waiting for a story, against the real server.</summary>
public sealed class WaitForStoryIntegrationTests : IntegrationTest
{
    [Fact]
    public async Task It_rings_once_enough_have_acknowledged_and_not_before()
    {
        var story = await PostAsync();
        using var effects = Look();
        await WaitAsync(story, "2", new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Down));

        await Dora.Conversation.AckAsync(story.Id);
        await UntilAsync(s => s.Shown!.AckCount == 1);
        Store.Model.Output.Bells.Should().Be(0);
        await Ana.Conversation.AckAsync(story.Id);
        await UntilAsync(s => s.Output.Bells == 1);

        Store.Model.Marks.Waited[story.Id].Should().Be(new WaitResult(true, "2 of 2 acknowledgements"));
    }

    [Fact]
    public async Task A_poll_that_is_closed_too_early_ends_it()
    {
        var story = await PostAsync(new() { Question = "Release?", Options = ["yes", "no"] });
        using var effects = Look();
        await WaitAsync(story, "", new InputMsg.Edited(EditKey.Down), new InputMsg.Typed("yes>=1"), new InputMsg.Edited(EditKey.Down));

        await Dora.Conversation.ClosePollAsync(story.Id);
        await UntilAsync(s => s.Output.Bells == 1);

        Store.Model.Marks.Waited[story.Id].Should().Be(new WaitResult(false, "the poll was closed with 0 of 1 votes for \"yes\""));
    }

    [Fact]
    public async Task A_time_that_is_over_ends_it()
    {
        var story = await PostAsync();
        using var effects = Look();
        await WaitAsync(story, "", new InputMsg.Typed("1"), new InputMsg.Edited(EditKey.Down), new InputMsg.Typed("1s"));

        await UntilAsync(s => s.Output.Bells == 1);

        Store.Model.Marks.Waited[story.Id].Should().Be(new WaitResult(false, "the time is over"));
    }

    [Fact]
    public async Task A_story_that_goes_ends_it()
    {
        var story = await PostAsync();
        using var effects = Look();
        await WaitAsync(story, "1", new InputMsg.Edited(EditKey.Down), new InputMsg.Edited(EditKey.Down));

        await Dora.Stories.DeleteAsync(story.Id);
        await UntilAsync(s => s.Output.Bells == 1);

        Store.Model.Note!.Text.Should().Be("✗ \"ready?\": it is gone");
    }

    private Task<Story> PostAsync(NewPoll? poll = null) =>
        Dora.Stories.PostTextAsync(new() { Text = "ready?", Poll = poll }, ApiClient.NewIdempotencyKey());

    /// <summary>Fills the form in by keys, from its first field on.</summary>
    private async Task WaitAsync(Story story, string acks, params Msg[] then)
    {
        await UntilAsync(s => s.Link.Connection == Connection.Live && s.Shown?.Id == story.Id);
        Press([
            Keys.Of("wait"),
            new InputMsg.Typed(acks),
            new InputMsg.Edited(EditKey.Down),
            .. then,
            new InputMsg.Edited(EditKey.Down),
            new InputMsg.Edited(EditKey.Enter),
        ]);
        Store.Model.Commands.OfType<WaitForStory.Wait>().Should().ContainSingle();
    }
}
