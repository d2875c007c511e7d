using StoriesCli.Client.Api;

namespace StoriesCli.Client.Tests.Api;

public class JoinLinkTests
{
    [Theory]
    [InlineData("https://team.example/join#sti_1", "https://team.example", "sti_1")]
    [InlineData("  http://127.0.0.1:7867/join/#sti_1\n", "http://127.0.0.1:7867", "sti_1")]
    [InlineData("https://team.example/join?from=chat#sta_2", "https://team.example", "sta_2")]
    public void A_link_is_taken_apart(string link, string server, string code)
    {
        JoinLink.TryParse(link, out var foundServer, out var foundCode).Should().BeTrue();

        (foundServer, foundCode).Should().Be((server, code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://team.example")]
    [InlineData("https://team.example/join")]
    [InlineData("https://team.example/join#")]
    [InlineData("https://team.example/other#sti_1")]
    [InlineData("https://user:password@team.example/join#sti_1")]
    [InlineData("file:///join#sti_1")]
    [InlineData("sti_1")]
    public void Other_texts_are_no_links(string text) => JoinLink.TryParse(text, out _, out _).Should().BeFalse();

    [Theory]
    [InlineData("https://team.example/join#sti_1", "http://10.0.0.1:7867", "https://team.example/join#sti_1")]
    [InlineData("http://127.0.0.1:7867/join#sti_1", "https://team.example", "https://team.example/join#sti_1")]
    [InlineData("http://127.0.0.1:7867/join#sti_1", "http://localhost:7867", "http://127.0.0.1:7867/join#sti_1")]
    [InlineData(null, "https://team.example", "https://team.example/join#sti_1")]
    public void A_link_to_send_leads_where_others_reach_the_server(string? made, string server, string link) =>
        JoinLink.Of(made, "sti_1", new(server)).Should().Be(link);
}
