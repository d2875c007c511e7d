using System.Net;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

public class JoinPageTests
{
    [Fact]
    public async Task Everybody_gets_the_same_page_which_runs_only_its_own_script()
    {
        await using var host = await ServerHost.StartAsync();
        using var anyone = new HttpClient { BaseAddress = host.Url };

        using var answer = await anyone.GetAsync(new Uri("/join?from=chat", UriKind.Relative));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().StartWith("default-src 'none'; script-src 'sha256-").And.NotContain("unsafe");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        var page = await answer.Content.ReadAsStringAsync();
        page.Should().Contain("stories join").And.NotContain("chat");
        (await anyone.GetStringAsync(new Uri("/join", UriKind.Relative))).Should().Be(page);
    }

    [Fact]
    public async Task A_link_leads_to_the_configured_address()
    {
        await using var host = await ServerHost.StartAsync(options => options with { BaseUrl = new("https://team.example/") });
        var ana = await host.SignInAsync("ana");

        var made = await ana.Invites.CreateAsync(new());

        made.Link.Should().Be($"https://team.example/join#{made.Code}");
    }
}
