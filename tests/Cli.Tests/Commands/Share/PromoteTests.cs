using StoriesCli.Testing;

namespace StoriesCli.Cli.Tests.Commands.Share;

public sealed class PromoteTests : CommandTests
{
    private protected override bool HasBob => false;

    private string Folder => Path.Combine(_ana.Home, "docs", "incident");

    [Fact]
    public async Task Media_caption_and_thread_are_written_as_a_page()
    {
        var id = await PostAsync("--caption", "<script>alert(1)</script>\n# Head\n![x](javascript:1) @bob `a`\n1. one\n---");
        await _ana.RunAsync("reply", id, "</details> **bold**");

        var ran = await _ana.RunAsync("promote", id, "--to", Folder);

        ran.Should().Match<Ran>(it => it.ExitCode == 0 && it.Out == Path.Combine(Folder, "story.md") + "\n");
        Directory.GetFiles(Folder).Select(Path.GetFileName).Should().BeEquivalentTo("story.md", "a-b-html.jpg");
        var page = await File.ReadAllTextAsync(Path.Combine(Folder, "story.md"));
        page.Should()
            .StartWith(
                "# Story by ana (&#64;ana)\n\n![a\\-b\\-html.jpg](a-b-html.jpg)\n\n&lt;script&gt;alert\\(1\\)&lt;/script&gt;\\\n\\# Head\\\n\\!\\[x\\]\\(javascript\\:1\\) &#64;bob \\`a\\`\\\n1\\. one\\\n\\-\\-\\-\n"
            );
        page.Should().Contain("## Thread\n\n**ana (&#64;ana)**").And.EndWith("&lt;/details&gt; \\*\\*bold\\*\\*\n");
    }

    [Fact]
    public async Task An_address_stays_text_since_a_forge_would_take_its_escapes_for_parts_of_it()
    {
        var id = await PostAsync("--caption", "See https://ex.org/a_b-c\n\nand www.ex.org at 12:30: done");

        (await _ana.RunAsync("promote", id, "--to", Folder)).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(Path.Combine(Folder, "story.md")))
            .Should()
            .Contain("\n\nSee https\\://ex.org/a\\_b\\-c\n\nand www\\.ex.org at 12\\:30: done\n");
    }

    [Theory]
    [InlineData("notes.md", "markdown")]
    [InlineData("fix.patch", "diff")]
    [InlineData("build.log", "text")]
    public async Task A_text_card_keeps_the_ending_that_says_how_it_is_read(string name, string language)
    {
        var id = (await _ana.RunAsync("post", _ana.WriteFile(name, "# One\n"u8.ToArray()), "--quiet")).Out.Trim();

        (await _ana.RunAsync("promote", id, "--to", Folder)).ExitCode.Should().Be(0);

        File.Exists(Path.Combine(Folder, name)).Should().BeTrue();
        (await File.ReadAllTextAsync(Path.Combine(Folder, "story.md"))).Should().Contain($"```{language}\n# One\n```\n");
    }

    [Fact]
    public async Task A_text_card_stands_in_a_block_that_it_cannot_end()
    {
        var id = (await _ana.RunAsync("post", "--text", "a\n````\n<b>\e[31mred\e[0m", "--quiet")).Out.Trim();

        (await _ana.RunAsync("promote", id, "--to", Folder)).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(Path.Combine(Folder, "story.md"))).Should().Contain("`````text\na\n````\n<b>red\n`````\n");
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_on_demand()
    {
        var id = await PostAsync();
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "story.md"), "mine");

        (await _ana.RunAsync("promote", id, "--to", Folder))
            .Should()
            .Match<Ran>(ran => ran.ExitCode == 5 && ran.Error.Contains("--force replaces it, --to names another directory"));
        Directory.GetFiles(Folder).Should().ContainSingle();
        (await _ana.RunAsync("promote", id, "--to", Folder, "--force")).ExitCode.Should().Be(0);
        (await _ana.RunAsync("promote", id, "--to", "")).ExitCode.Should().Be(2);
    }

    private async Task<string> PostAsync(params string[] more)
    {
        var photo = _ana.WriteFile("a &b.html.png", await TestMedia.JpegAsync());
        return (await _ana.RunAsync(["post", photo, "--quiet", .. more])).Out.Trim();
    }
}
