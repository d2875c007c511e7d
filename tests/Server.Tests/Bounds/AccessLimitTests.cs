using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Bounds;

/// <summary>Nothing grows without a limit.</summary>
public sealed class AccessLimitTests
{
    [Fact]
    public async Task An_account_has_so_many_tokens_and_those_that_are_over_make_room()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        var first = (await ana.PostJsonAsync("/v1/tokens", """{ "name": "x", "ttl": "1d" }""")).Json.GetProperty("id").GetString()!;
        for (var i = 2; i < Limits.Tokens; i++)
        {
            (await ana.PostJsonAsync("/v1/tokens", """{ "name": "x", "ttl": "1d" }""")).Status.Should().Be(HttpStatusCode.Created);
        }

        var refused = await ana.PostJsonAsync("/v1/tokens", """{ "name": "x" }""");
        refused.Code.Should().Be("invalid_request");
        refused.Detail.Should().Contain($"you have {Limits.Tokens}, and the limit is {Limits.Tokens}");
        (await ana.GetAsync("/v1/tokens?limit=200")).Json.GetProperty("items").GetArrayLength().Should().Be(Limits.Tokens);
        var code = (await ana.PostJsonAsync("/v1/admin/accounts/ana/access", "{}")).Json.GetProperty("code").GetString()!;
        var full = await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "ana" }""");
        full.Code.Should().Be("invalid_request", "a link is no way around the limit");
        await host.RestartAsync(away: TimeSpan.FromDays(1));

        (await ana.PostJsonAsync("/v1/tokens", """{ "name": "x" }""")).Status.Should().Be(HttpStatusCode.Created);
        var tokens = (StoriesCli.Server.Features.Accounts.TokenStore)
            host.Services.GetService(typeof(StoriesCli.Server.Features.Accounts.TokenStore))!;
        tokens.Find(first).Should().BeNull("rows of tokens that are over do not pile up");
    }

    [Fact]
    public async Task An_account_has_one_access_link_at_a_time()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        string code = "",
            before = "";
        for (var i = 0; i < 20; i++)
        {
            (before, code) = (code, (await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!);
        }

        (await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{before}}", "handle": "bob" }"""))
            .Code.Should()
            .Be("invite_invalid");
        (await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "bob" }"""))
            .Status.Should()
            .Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_account_has_so_many_open_invites_and_those_that_are_over_make_room()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var adm = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        var ids = new List<string>();
        for (var i = 0; i < Limits.Invites; i++)
        {
            ids.Add((await ana.PostJsonAsync("/v1/invites", "{}")).Json.GetProperty("id").GetString()!);
        }

        var refused = await ana.PostJsonAsync("/v1/invites", "{}");
        refused.Code.Should().Be("invalid_request");
        refused.Detail.Should().Contain($"you have {Limits.Invites}, and the limit is {Limits.Invites}");
        (await adm.PostJsonAsync("/v1/invites", "{}")).Status.Should().Be(HttpStatusCode.Created, "each account counts for itself");
        await ana.SendAsync(HttpMethod.Delete, $"/v1/invites/{ids[0]}", null);
        (await ana.PostJsonAsync("/v1/invites", "{}")).Status.Should().Be(HttpStatusCode.Created);
        (await ana.PostJsonAsync("/v1/invites", "{}")).Code.Should().Be("invalid_request");
        host.Clock.Advance(TimeSpan.FromDays(1));
        (await ana.PostJsonAsync("/v1/invites", "{}")).Status.Should().Be(HttpStatusCode.Created);
    }
}
