using StoriesCli.Tui.App;
using StoriesCli.Tui.Tests.App;

namespace StoriesCli.Tui.Tests.Actions;

/// <summary>Files that are posted, and those that cannot be.</summary>
public sealed class PostStoryIntegrationTests : IntegrationTest
{
    [Theory]
    [InlineData("long.csv", "long.csv is too large: text of 68.3 KiB, and the server takes at most 64 KiB.")]
    [InlineData("empty.png", "empty.png is empty.")]
    [InlineData("deeper", "deeper is a directory. Name a file in it.")]
    [InlineData("/dev/zero", "zero is a pipe or a device. Name a file.")]
    [InlineData("odd.bin", "odd.bin has no supported type")]
    public async Task What_cannot_be_posted_is_refused_before_it_is_sent(string file, string why)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "long.csv"), new string('x', 70_000));
        await File.WriteAllTextAsync(Path.Combine(Folder, "empty.png"), "");
        await File.WriteAllBytesAsync(Path.Combine(Folder, "odd.bin"), [0, 1, 2, 3]);
        Directory.CreateDirectory(Path.Combine(Folder, "deeper"));

        await PostFileAsync(file);

        Store.Model.Dialog!.Error.Should().StartWith(why);
        (await Dora.Stories.ListAsync(new())).Items.Should().BeEmpty();
    }

    [Fact]
    public async Task A_text_file_becomes_a_text_card()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.md"), "# Notes");

        await PostFileAsync("notes.md");

        (await Dora.Stories.ListAsync(new()))
            .Items.Single()
            .Should()
            .BeEquivalentTo(
                new
                {
                    Kind = "text",
                    Text = "# Notes",
                    Media = new { FileName = "notes.md" },
                }
            );
    }

    [Fact]
    public async Task The_people_of_the_server_and_the_circles_of_the_author_can_be_chosen()
    {
        await Dora.Circles.PutAsync("night", ["ana"]);
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);

        Press(Keys.Of("new"));
        Press([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 4), new InputMsg.Edited(EditKey.Enter)]);
        await UntilAsync(s => s.Dialog is PeoplePicker { Command: null });

        ((PeoplePicker)Store.Model.Dialog!).All.Select(one => one.Word).Should().Contain("+night").And.Contain("ana").And.Contain("dora");
    }

    private async Task PostFileAsync(string file)
    {
        using var effects = Look();
        await UntilAsync(s => s.Link.Connection == Connection.Live);
        Press(Keys.Of("new"), new InputMsg.Typed(file));
        Press([.. Enumerable.Repeat(new InputMsg.Edited(EditKey.Down), 8), new InputMsg.Edited(EditKey.Enter)]);
        await UntilAsync(s => s.Dialog is null or { Error: not null });
    }
}
