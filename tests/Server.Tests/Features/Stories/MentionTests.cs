using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Stories;

public sealed class MentionTests
{
    [Fact]
    public async Task People_are_mentioned_by_field_caption_and_text_also_across_a_restart()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        foreach (var handle in (string[])["bob", "cem", "d-n", "eve"])
        {
            await host.JoinAsync(handle);
        }

        var card = (
            await ana.PostJsonAsync("/v1/stories", """{ "text": "\u001b[31m@bob and me@cem.org, (@d-n).", "mentions": ["eve"] }""")
        ).Json;
        var photo = (
            await ana.PutAsync("/v1/stories?caption=%40Bob,%20%40nobody%20%40cem-&mention=eve&mention=eve", await TestMedia.JpegAsync())
        ).Json;
        await host.RestartAsync();

        MentionsOf(card).Should().BeEquivalentTo("eve", "bob", "d-n");
        MentionsOf(photo).Should().BeEquivalentTo("eve", "bob", "cem");
        MentionsOf((await ana.GetAsync($"/v1/stories/{photo.GetProperty("id")}")).Json).Should().BeEquivalentTo("eve", "bob", "cem");
    }

    [Theory]
    [InlineData("@bob look", true)]
    [InlineData("see this, @bob.", true)]
    [InlineData("(@bob) and \"@bob\" and *@bob*", true)]
    [InlineData("cc:@bob", true)]
    [InlineData("@ana/@bob", true)]
    [InlineData("https://x.example is down, @bob", true)]
    [InlineData("a ` alone, @bob", true)]
    [InlineData("`x`\n\nand ` again: @bob", true)]
    [InlineData("```\ncode\n```\n@bob", true)]
    [InlineData("`code` @bob", true)]
    [InlineData("@bob: please", true)]
    [InlineData("one line\n    and more of it, @bob", true)]
    [InlineData("- an item\n\n    its second paragraph, @bob", true)]
    [InlineData("1. an item\n   - below\n\n     and more, @bob", true)]
    [InlineData("> > quoted\n\n   three spaces, @bob", true)]
    [InlineData("    code\n\n@bob", true)]
    [InlineData("Run:\n\n    import @bob\n\ndone", false)]
    [InlineData("Run:\n\n\timport @bob", false)]
    [InlineData("Run:\n\n    a\n\n    import @bob", false)]
    [InlineData("    @bob", false)]
    [InlineData("- an item\n\n      @bob", false)]
    [InlineData("- an item\n\nafter the list\n\n    @bob", false)]
    [InlineData("> quoted\n>\n>     @bob", false)]
    [InlineData("x\n\n    ```\n    @bob", false)]
    [InlineData("```\nx\n```\n    @bob", false)]
    [InlineData("\uff20bob look", false)]
    [InlineData("mail bob\uff20@bob", false)]
    [InlineData("\ufe6b@bob", false)]
    [InlineData("https://x/@bob", false)]
    [InlineData("[see](https://x.example/@bob/1)", false)]
    [InlineData("<https://x/?to=@bob>", false)]
    [InlineData("ssh://git@bob/x", false)]
    [InlineData("x.example/@bob", false)]
    [InlineData("www.x.example/?@bob", false)]
    [InlineData("mailto:@bob", false)]
    [InlineData("a@bob.com", false)]
    [InlineData("a+b@bob", false)]
    [InlineData("\"a b\"@bob.com", false)]
    [InlineData("@bob.example.org", false)]
    [InlineData("@bob@social.example", false)]
    [InlineData("@bob:matrix.example", false)]
    [InlineData("npm i @bob/pkg", false)]
    [InlineData("node_modules/@bob/pkg", false)]
    [InlineData("actions/checkout@bob", false)]
    [InlineData("`@bob`", false)]
    [InlineData("`` a ` @bob ``", false)]
    [InlineData("`one\n@bob two`", false)]
    [InlineData("```java\n@bob\n```", false)]
    [InlineData("~~~\n@bob\n```\n@bob", false)]
    [InlineData("> ```\n> @bob\n> ```", false)]
    [InlineData("````\n```\n@bob\n````", false)]
    public async Task A_handle_is_mentioned_where_it_is_a_word_and_not_in_addresses_packages_and_code(string caption, bool mentions)
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        await host.JoinAsync("bob");

        var byCaption = await ana.Stories.PostTextAsync(new NewStory { Text = "x", Caption = caption }, "1");
        var byText = await ana.Stories.PostTextAsync(new NewStory { Text = caption }, "2");

        byCaption.Mentions.Contains("bob").Should().Be(mentions);
        byText.Mentions.Contains("bob").Should().Be(mentions);
    }

    [Fact]
    public async Task Finding_mentions_takes_no_longer_for_what_is_made_to_take_long()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var runs = string.Concat(Enumerable.Range(1, 300).Select(n => new string('`', n) + " "));
        string[] texts =
        [
            runs,
            string.Concat(Enumerable.Repeat("a://", 16_000)),
            string.Concat(Enumerable.Repeat("@bob/", 13_000)),
            string.Concat(Enumerable.Repeat("`", 65_000)),
            string.Concat(Enumerable.Repeat("> ", 32_000)),
            string.Concat(Enumerable.Repeat("    \n\t- ", 8_000)),
            new string(' ', 64_000) + ">",
        ];
        var watch = System.Diagnostics.Stopwatch.StartNew();

        foreach (var (text, i) in texts.Select((text, i) => (text, i)))
        {
            await ana.Stories.PostTextAsync(new NewStory { Text = text }, $"{i}");
        }

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_edit_of_the_caption_mentions_anew_and_leaves_field_and_text()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        foreach (var handle in (string[])["cem", "dan", "eve"])
        {
            await host.JoinAsync(handle);
        }
        var bobsToken = await host.JoinAsync("bob");
        var story = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "to @dan",
                Caption = "@cem",
                Mentions = ["eve"],
            },
            "k"
        );
        await using var bob = await EventTap.OpenAsync(host, bobsToken);

        var edited = await ana.Stories.EditAsync(story.Id, new StoryEdit { Caption = "@bob instead" });
        await ana.Stories.EditAsync(story.Id, new StoryEdit { Caption = "still @bob" });
        await ana.Stories.EditAsync(story.Id, new StoryEdit { Tags = ["x"] });

        edited.Mentions.Should().BeEquivalentTo("eve", "dan", "bob");
        (await ana.Stories.GetAsync(story.Id)).Mentions.Should().BeEquivalentTo("eve", "dan", "bob");
        var types = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            types.Add((await bob.NextAsync()).Type);
        }
        types.Should().Equal(["story.updated", "mention", "story.updated", "story.updated"], "who is mentioned already hears it once");
    }

    [Fact]
    public async Task A_mention_tells_nothing_to_those_who_may_not_see_the_story_nor_to_its_author()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var ana = host.Client(anasToken);
        var bobsToken = await host.JoinAsync("bob");
        var evesToken = await host.JoinAsync("eve");
        using var eve = host.Wire(evesToken);
        await using var anasTap = await EventTap.OpenAsync(host, anasToken);
        await using var bobsTap = await EventTap.OpenAsync(host, bobsToken);
        await using var evesTap = await EventTap.OpenAsync(host, evesToken);

        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "@bob @eve @ana", Audience = ["bob"] }, "1");
        var open = await ana.Stories.PostTextAsync(new NewStory { Text = "for all" }, "2");

        (await bobsTap.NextAsync()).Type.Should().Be("story.posted");
        var told = await bobsTap.NextAsync();
        (told.Type, told.StoryId, told.Data!.Value.GetProperty("story").GetProperty("id").GetString())
            .Should()
            .Be(("mention", story.Id, story.Id));
        (await evesTap.NextAsync()).StoryId.Should().Be(open.Id);
        (await eve.GetAsync($"/v1/stories/{story.Id}")).Code.Should().Be("story_not_found");
        (await anasTap.NextAsync()).Type.Should().Be("story.posted");
        (await anasTap.NextAsync()).StoryId.Should().Be(open.Id);
    }

    [Fact]
    public async Task There_are_at_most_twenty_all_of_them_real()
    {
        await using var host = await ServerHost.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        for (var i = 10; i <= 30; i++)
        {
            await host.JoinAsync($"p{i}");
        }
        var twenty = string.Join(' ', Enumerable.Range(10, 20).Select(i => $"@p{i}"));

        var full = (await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "{{twenty}} @nobody" }""")).Json;
        var refused = await ana.PostJsonAsync("/v1/stories", $$"""{ "text": "{{twenty}}", "caption": "@p30" }""");
        var edit = await ana.SendAsync(
            HttpMethod.Patch,
            $"/v1/stories/{full.GetProperty("id")}",
            new StringContent("""{ "caption": "@p30" }""", null, "application/json")
        );

        MentionsOf(full).Should().HaveCount(20);
        refused.Detail.Should().Contain("20").And.Contain("21");
        edit.Detail.Should().Contain("20").And.Contain("21");
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "mentions": ["nobody"] }"""))
            .Detail.Should()
            .Contain("mention")
            .And.Contain("nobody");
    }

    [Fact]
    public async Task Who_has_left_is_mentioned_no_longer()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var story = await ana.Stories.PostTextAsync(new NewStory { Text = "@bob" }, "k");

        await bob.SendAsync(HttpMethod.Delete, "/v1/me", null);

        (await ana.Stories.GetAsync(story.Id)).Mentions.Should().BeEmpty();
    }

    private static IEnumerable<string?> MentionsOf(System.Text.Json.JsonElement story) =>
        story.GetProperty("mentions").EnumerateArray().Select(m => m.GetString());
}
