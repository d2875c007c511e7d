using System.Net;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

/// <summary>How the person of an existing account signs in again.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Who_has_no_token_left_gets_in_again_with_a_link_that_works_once_and_for_its_own_handle()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var story = (await bob.PostJsonAsync("/v1/stories", """{ "text": "bob's", "ttl": "30d" }""")).Json.GetProperty("id").GetString();
        var made = await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}");
        var code = made.Json.GetProperty("code").GetString()!;
        var nobody = host.Wire(token: null);

        made.Status.Should().Be(HttpStatusCode.Created);
        made.Json.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        (await JoinAsync(nobody, code, "ana")).Code.Should().Be("invite_invalid");
        (await JoinAsync(nobody, code, "new")).Code.Should().Be("invite_invalid");
        var back = await JoinAsync(nobody, code, "bob");
        back.Status.Should().Be(HttpStatusCode.Created);
        var again = host.Wire(back.Json.GetProperty("token").GetString());
        (await again.GetAsync($"/v1/stories/{story}")).Json.GetProperty("audience").GetString().Should().Be("team");
        back.Json.GetProperty("account").GetProperty("handle").GetString().Should().Be("bob");
        (await again.GetAsync("/v1/me")).Json.GetProperty("tokenRenews").GetBoolean().Should().BeTrue();
        (await JoinAsync(nobody, code, "bob")).Code.Should().Be("invite_invalid", "it is used");
        (await bob.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK, "nobody asked for the tokens before it to end");
    }

    [Fact]
    public async Task A_lost_laptop_is_one_request_away_from_being_harmless()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob", Roles.Admin);
        var laptop = host.Wire(token);
        var ci = host.Wire(
            (await laptop.PostJsonAsync("/v1/tokens", """{ "name": "ci", "scopes": ["post"] }""")).Json.GetProperty("token").GetString()
        );
        var feed = (await laptop.PostJsonAsync("/v1/feeds", "{}")).Json.GetProperty("key").GetString();
        var invite = (await laptop.PostJsonAsync("/v1/invites", "{}")).Json.GetProperty("code").GetString()!;
        var door = (await laptop.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!;
        await using var stream = await EventTap.OpenAsync(host, token);
        var code = (await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!;
        var nobody = host.Wire(token: null);
        (await JoinAsync(nobody, door, "bob")).Code.Should().Be("invite_invalid", "a link ends the one before it");

        var back = await JoinAsync(nobody, code, "bob", """, "endOtherTokens": true""");

        back.Status.Should().Be(HttpStatusCode.Created);
        (await laptop.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await ci.PostJsonAsync("/v1/stories", """{ "text": "x" }""")).Code.Should().Be("not_signed_in");
        (await nobody.GetAsync($"/v1/feed.atom?key={feed}")).Code.Should().Be("feed_key_invalid");
        (await JoinAsync(nobody, invite, "eve")).Code.Should().Be("invite_invalid", "the laptop may have made it");
        await stream.EndAsync();
        var tokens = (await host.Wire(back.Json.GetProperty("token").GetString()).GetAsync("/v1/tokens")).Json.GetProperty("items");
        tokens.GetArrayLength().Should().Be(1);
        tokens[0].GetProperty("name").GetString().Should().Be("access");
    }

    [Fact]
    public async Task It_is_noted_and_told_to_the_person()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("bob");
        var bob = host.Wire(token);
        await using var stream = await EventTap.OpenAsync(host, token);

        var code = (await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!;
        var told = await stream.NextAsync();

        told.Type.Should().Be("access.given");
        told.Data!.Value.GetProperty("person").GetProperty("handle").GetString().Should().Be("ana");
        var given = (await bob.GetAsync("/v1/me")).Json.GetProperty("access");
        given.GetProperty("by").GetString().Should().Be("ana");
        given.GetProperty("usedAt").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        await JoinAsync(host.Wire(null), code, "bob");
        await host.RestartAsync();
        (await bob.GetAsync("/v1/me"))
            .Json.GetProperty("access")
            .GetProperty("usedAt")
            .ValueKind.Should()
            .Be(System.Text.Json.JsonValueKind.String);
        var audit = (await ana.GetAsync("/v1/admin/audit"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(it =>
                (it.GetProperty("action").GetString(), it.GetProperty("actor").GetString(), it.GetProperty("subject").GetString())
            )
            .ToList();
        audit.Should().Contain(("access.made", "ana", "bob")).And.Contain(("access.used", "bob", "bob"));
        (await ana.GetAsync("/v1/admin/audit")).Text.Should().NotContain(code);
        await host.RestartAsync(away: TimeSpan.FromDays(31));
        (await bob.GetAsync("/v1/me")).Json.GetProperty("access").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Nobody_makes_one_for_a_role_above_their_own_or_a_disabled_account_and_what_its_maker_may_no_longer_opens_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var adm = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var nobody = host.Wire(token: null);

        (await adm.PostJsonAsync("/v1/admin/accounts/ana/access", "{}")).Code.Should().Be("role_missing");
        (await bob.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await adm.PostJsonAsync("/v1/admin/accounts/zoe/access", "{}")).Code.Should().Be("account_not_found");
        var code = (await adm.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!;
        await PatchAsync(ana, "adm", """{ "disabled": true }""");
        (await JoinAsync(nobody, code, "bob")).Code.Should().Be("invite_invalid");
        await PatchAsync(ana, "adm", """{ "disabled": false }""");
        await PatchAsync(ana, "bob", """{ "role": "owner" }""");
        (await JoinAsync(nobody, code, "bob")).Code.Should().Be("invite_invalid", "an admin's link opens no owner's account");
        await PatchAsync(ana, "bob", """{ "role": "member", "disabled": true }""");
        (await JoinAsync(nobody, code, "bob")).Code.Should().Be("invite_invalid");
        (await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Detail.Should().Contain("disabled");
        await PatchAsync(ana, "bob", """{ "disabled": false }""");
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await JoinAsync(nobody, code, "bob")).Code.Should().Be("invite_invalid", "its hour is over");
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("ended by an access link")]
    public async Task A_link_and_an_invite_end_with_the_token_that_made_them(string how)
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        var made = (await ana.PostJsonAsync("/v1/tokens", """{ "name": "short", "ttl": "20m" }""")).Json;
        var shortLived = host.Wire(made.GetProperty("token").GetString());
        var link = (await shortLived.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json;
        var invite = (await shortLived.PostJsonAsync("/v1/invites", "{}")).Json;
        var nobody = host.Wire(token: null);

        (await shortLived.PostJsonAsync("/v1/invites", """{ "ttl": "1h" }"""))
            .Detail.Should()
            .StartWith("ttl: must end no later than the token")
            .And.Contain("20m");
        link.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(made.GetProperty("expiresAt").GetDateTimeOffset());
        invite.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(made.GetProperty("expiresAt").GetDateTimeOffset());
        (await ana.GetAsync("/v1/invites")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        switch (how)
        {
            case "revoked":
                (await ana.SendAsync(HttpMethod.Delete, $"/v1/tokens/{made.GetProperty("id").GetString()}", null))
                    .Status.Should()
                    .Be(HttpStatusCode.NoContent);
                break;
            case "expired":
                host.Clock.Advance(TimeSpan.FromMinutes(20));
                break;
            default:
                var code = (await ana.PostJsonAsync("/v1/admin/accounts/ana/access", "{}")).Json.GetProperty("code").GetString()!;
                ana = host.Wire(
                    (await JoinAsync(nobody, code, "ana", """, "endOtherTokens": true""")).Json.GetProperty("token").GetString()
                );
                break;
        }

        (await JoinAsync(nobody, link.GetProperty("code").GetString()!, "bob")).Code.Should().Be("invite_invalid");
        (await JoinAsync(nobody, invite.GetProperty("code").GetString()!, "eve")).Code.Should().Be("invite_invalid");
        (await ana.GetAsync("/v1/invites")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        await host.RestartAsync();
        (await JoinAsync(nobody, link.GetProperty("code").GetString()!, "bob")).Code.Should().Be("invite_invalid");
        (await JoinAsync(nobody, invite.GetProperty("code").GetString()!, "eve")).Code.Should().Be("invite_invalid");
    }

    [Fact]
    public async Task A_token_that_renews_bounds_neither_and_the_hosts_link_has_none()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        await host.RestartAsync(away: TimeSpan.FromDays(360));
        var invite = (await ana.PostJsonAsync("/v1/invites", """{ "ttl": "30d" }""")).Json;
        await host.RestartAsync(away: TimeSpan.FromDays(29));

        (await JoinAsync(host.Wire(token: null), invite.GetProperty("code").GetString()!, "eve"))
            .Status.Should()
            .Be(HttpStatusCode.Created);
        var links = (StoriesCli.Server.Features.Accounts.AccessLinkStore)
            host.Services.GetService(typeof(StoriesCli.Server.Features.Accounts.AccessLinkStore))!;
        var code = (await links.MakeAsync(null, "bob", null, CancellationToken.None)).Code;
        (await JoinAsync(host.Wire(token: null), code, "bob")).Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_repeated_key_makes_no_second_link_and_shows_no_code_again()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        var first = await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}", ("Idempotency-Key", "1"));
        await host.RestartAsync();

        var second = await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}", ("Idempotency-Key", "1"));

        second.Status.Should().Be(HttpStatusCode.Created);
        second.Json.GetProperty("id").GetString().Should().Be(first.Json.GetProperty("id").GetString());
        second.Json.TryGetProperty("code", out _).Should().BeFalse();
        (await JoinAsync(host.Wire(null), first.Json.GetProperty("code").GetString()!, "bob")).Status.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_an_invite_takes_a_link_does_not_and_the_other_way_round()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");
        var link = (await ana.PostJsonAsync("/v1/admin/accounts/bob/access", "{}")).Json.GetProperty("code").GetString()!;
        var invite = (await ana.PostJsonAsync("/v1/invites", "{}")).Json.GetProperty("code").GetString()!;
        var nobody = host.Wire(token: null);

        (await JoinAsync(nobody, link, "bob", """, "displayName": "Bobby" """)).Detail.Should().Contain("displayName");
        (await JoinAsync(nobody, invite, "cem", """, "endOtherTokens": true""")).Detail.Should().Contain("endOtherTokens");
        (await JoinAsync(nobody, invite, "bob")).Code.Should().Be("handle_taken");
        (await JoinAsync(nobody, link, "bob")).Status.Should().Be(HttpStatusCode.Created, "what was refused used nothing up");
        (await JoinAsync(nobody, invite, "cem")).Status.Should().Be(HttpStatusCode.Created);
    }

    private static Task<WireAnswer> JoinAsync(Wire wire, string code, string handle, string more = "") =>
        wire.PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "{{handle}}"{{more}} }""");

    private static async Task PatchAsync(Wire wire, string handle, string json) =>
        (await wire.SendAsync(HttpMethod.Patch, $"/v1/admin/accounts/{handle}", new StringContent(json, Encoding.UTF8, "application/json")))
            .Status.Should()
            .Be(HttpStatusCode.OK);
}
