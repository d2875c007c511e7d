using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests.App;

/// <summary>Files that are damaged on the server's disk are told where they would stand, and hide nothing else.</summary>
public sealed class DamagedMediaTests : IntegrationTest
{
    [Fact]
    public async Task A_long_card_whose_file_is_damaged_has_its_beginning_and_its_thread()
    {
        var story = await Ana.Stories.PostTextAsync(
            new NewStory { Text = string.Concat(Enumerable.Repeat("A line of a long card.\n", 500)) },
            "1"
        );
        await Ana.Conversation.ReplyAsync(story.Id, "first");
        await SpoilAsync(story.Id);
        using var effects = Look();

        await UntilAsync(s => s.Loaded.Details.GetValueOrDefault(story.Id) is { Text: not null, Replies: not null });

        Store.Model.Loaded.Details[story.Id].Text.Should().StartWith("A line of a long card.").And.EndWith(Errors.MediaDamaged.Title);
        Store.Model.Loaded.Details[story.Id].Replies!.Value.Single().Text.Should().Be("first");
    }

    [Fact]
    public async Task A_picture_that_is_damaged_says_so_in_its_place()
    {
        var story = await Ana.Stories.PostAsync(new NewStory(), MediaUpload.FromBytes(RedPng), "1");
        await SpoilAsync(story.Id);
        using var effects = Look();

        await UntilAsync(s => s.Loaded.Pictures.GetValueOrDefault(story.Id)?.Missing is not null);

        Store.Model.Loaded.Pictures[story.Id].Missing.Should().Contain("not served");
    }

    private Task SpoilAsync(string id) =>
        File.WriteAllTextAsync(Directory.GetFiles(Host.DataPath, id, SearchOption.AllDirectories).Single(), "other");
}
