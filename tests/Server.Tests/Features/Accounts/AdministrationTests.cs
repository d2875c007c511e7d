using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

public sealed class AdministrationTests
{
    [Fact]
    public async Task A_disabled_account_is_shut_out_with_its_tokens_links_and_invites_until_it_is_enabled()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var token = await host.JoinAsync("adm", Roles.Admin);
        var adm = host.Wire(token);
        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "hello" }""")).Json.GetProperty("id").GetString();
        var link = new Uri((await adm.PostJsonAsync($"/v1/stories/{story}/links", "{}")).Json.GetProperty("url").GetString()!).PathAndQuery;
        var code = (await adm.PostJsonAsync("/v1/invites", "{}")).Json.GetProperty("code").GetString();
        var nobody = host.Wire(token: null);
        (await nobody.GetAsync(link)).Status.Should().Be(HttpStatusCode.OK);

        (await Patch(ana, "adm", """{ "disabled": true }""")).Json.GetProperty("disabled").GetBoolean().Should().BeTrue();

        (await adm.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await nobody.GetAsync(link)).Code.Should().Be("link_invalid");
        (await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "eve" }""")).Code.Should().Be("invite_invalid");
        (await ana.GetAsync("/v1/people")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        await host.RestartAsync();
        (await adm.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        await Patch(ana, "adm", """{ "disabled": false }""");
        (await adm.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_account_that_is_disabled_or_deleted_earlier_in_the_same_commit_changes_nothing_more()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        await host.JoinAsync("bob");
        var accounts = host.Services.GetRequiredService<AccountStore>();
        var bob = accounts.FindRow("bob")!;

        await host
            .Services.GetRequiredService<Database>()
            .CommitAsync(batch =>
            {
                accounts.VerifyActive(bob.Number);
                foreach (var ended in (AccountRow[])[bob with { Disabled = true }, bob with { Deleted = true }])
                {
                    batch.Put(AccountRow.Collection, ended);
                    accounts.Invoking(it => it.VerifyActive(bob.Number)).Should().Throw<ApiProblem>();
                }
                batch.Put(AccountRow.Collection, bob);
                accounts.VerifyActive(bob.Number);
                return true;
            });
    }

    [Fact]
    public async Task The_last_owner_can_be_neither_demoted_disabled_nor_deleted()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await host.JoinAsync("bob");

        (await Patch(ana, "ana", """{ "role": "admin" }""")).Code.Should().Be("last_owner");
        (await Patch(ana, "ana", """{ "disabled": true }""")).Code.Should().Be("last_owner");
        (await Delete(ana, "/v1/admin/accounts/ana")).Code.Should().Be("last_owner");
        (await Delete(ana, "/v1/me")).Code.Should().Be("last_owner");
        (await Patch(ana, "bob", """{ "role": "owner", "disabled": true }""")).Status.Should().Be(HttpStatusCode.OK);
        (await Patch(ana, "ana", """{ "role": "admin" }""")).Code.Should().Be("last_owner", "the other owner cannot sign in");
        await Patch(ana, "bob", """{ "disabled": false }""");
        (await Patch(ana, "ana", """{ "role": "member" }""")).Json.GetProperty("role").GetString().Should().Be(Roles.Member);
        (await ana.GetAsync("/v1/admin/accounts")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_admin_reaches_no_higher_than_their_own_role()
    {
        await using var host = await ServerHost.StartAsync();
        await host.JoinAsync("ana");
        var adm = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        var bob = host.Wire(await host.JoinAsync("bob"));

        (await Patch(adm, "ana", """{ "disabled": true }""")).Code.Should().Be("role_missing");
        (await Delete(adm, "/v1/admin/accounts/ana")).Code.Should().Be("role_missing");
        (await Patch(adm, "bob", """{ "role": "owner" }""")).Code.Should().Be("role_missing");
        (await Patch(adm, "bob", """{ "role": "king" }""")).Code.Should().Be("invalid_request");
        (await Patch(adm, "bob", """{ "quota": 1 }""")).Code.Should().Be("invalid_request");
        (await Patch(adm, "zoe", """{ "role": "bot" }""")).Code.Should().Be("account_not_found");
        (await bob.GetAsync("/v1/admin/accounts/ana")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await Patch(bob, "ana", "{}")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await bob.GetAsync("/v1/admin/usage")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await bob.GetAsync("/v1/admin/audit")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_is_promoted_may_administer_with_the_token_from_joining_and_no_other()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var ci = host.Wire((await bob.PostJsonAsync("/v1/tokens", """{ "name": "ci" }""")).Json.GetProperty("token").GetString());

        await Patch(ana, "bob", """{ "role": "admin" }""");

        (await bob.GetAsync("/v1/admin/accounts")).Json.GetProperty("items").GetArrayLength().Should().Be(2);
        (await ci.GetAsync("/v1/admin/accounts")).Code.Should().Be("scope_missing");
        await Patch(ana, "bob", """{ "role": "member" }""");
        (await bob.GetAsync("/v1/admin/accounts")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_leaves_takes_everything_along_but_the_handle()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        var seen = Id(await ana.PostJsonAsync("/v1/stories", """{ "text": "hello" }"""));
        await bob.SendAsync(HttpMethod.Put, $"/v1/stories/{seen}/view", null);
        var mine = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            mine.Add(Id(await bob.PostJsonAsync("/v1/stories", $$"""{ "text": "{{TestMedia.LongText}}" }""")));
        }
        var reader = host.Wire(
            (await bob.PostJsonAsync("/v1/tokens", """{ "name": "r", "scopes": ["read"] }""")).Json.GetProperty("token").GetString()
        );
        (await Delete(reader, "/v1/me")).Code.Should().Be("scope_missing");

        (await Delete(bob, "/v1/me")).Status.Should().Be(HttpStatusCode.NoContent);

        (await bob.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await reader.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        foreach (var id in mine)
        {
            (await ana.GetAsync($"/v1/stories/{id}")).Code.Should().Be("story_deleted");
            Directory.EnumerateFiles(Path.Combine(host.DataPath, "media"), id + "*", SearchOption.AllDirectories).Should().BeEmpty();
        }
        (await ana.GetAsync($"/v1/stories/{seen}/viewers")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        (await ana.GetAsync("/v1/admin/accounts/bob")).Code.Should().Be("account_not_found");
        (await ana.PostJsonAsync("/v1/stories", """{ "text": "x", "audience": ["bob"] }""")).Code.Should().Be("invalid_request");
        var code = (await ana.PostJsonAsync("/v1/invites", "{}")).Json.GetProperty("code").GetString();
        (await host.Wire(null).PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "bob" }""")).Code.Should().Be("handle_taken");
        await host.RestartAsync();
        (await ana.GetAsync("/v1/admin/usage")).Json.GetProperty("stories").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task Usage_tells_bytes_by_account_and_what_is_left()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bob = host.Wire(await host.JoinAsync("bob"));
        await bob.PostJsonAsync("/v1/stories", """{ "text": "12345" }""");

        var usage = (await ana.GetAsync("/v1/admin/usage")).Json;

        usage.GetProperty("bytes").GetInt64().Should().Be(5);
        usage.GetProperty("diskFreeBytes").GetInt64().Should().BePositive();
        usage.GetProperty("items")[0].GetProperty("handle").GetString().Should().Be("bob");
        usage.GetProperty("items")[0].GetProperty("bytes").GetInt64().Should().Be(5);
        usage.GetProperty("items")[0].GetProperty("stories").GetInt32().Should().Be(1);
        usage.GetProperty("items")[1].GetProperty("bytes").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task A_display_name_can_be_changed_and_is_cleaned()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));

        (await Send(ana, HttpMethod.Patch, "/v1/me", """{ "displayName": " Ana\u001b[31m Lima " }"""))
            .Json.GetProperty("displayName")
            .GetString()
            .Should()
            .Be("Ana Lima");
        (await ana.GetAsync("/v1/people")).Json.GetProperty("items")[0].GetProperty("displayName").GetString().Should().Be("Ana Lima");
        (await Send(ana, HttpMethod.Patch, "/v1/me", $$"""{ "displayName": "{{new string('a', 65)}}" }"""))
            .Detail.Should()
            .Contain("64")
            .And.Contain("65");
        (await Send(ana, HttpMethod.Patch, "/v1/me", """{ "handle": "ann" }""")).Code.Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_repeated_key_makes_no_second_invite_or_token_and_shows_no_secret_again()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));

        foreach (
            var (path, body, other, secret) in (ValueTuple<string, string, string, string>[])
                [
                    ("/v1/tokens", """{ "name": "ci" }""", """{ "name": "other" }""", "token"),
                    ("/v1/invites", """{ "role": "member" }""", """{ "role": "bot" }""", "code"),
                ]
        )
        {
            var key = ("Idempotency-Key", path);
            var first = await ana.PostJsonAsync(path, body, key);
            var count = (await ana.GetAsync(path)).Json.GetProperty("items").GetArrayLength();
            await host.RestartAsync();
            var second = await ana.PostJsonAsync(path, body, key);

            second.Status.Should().Be(first.Status).And.Be(HttpStatusCode.Created);
            Id(second).Should().Be(Id(first));
            second.Json.TryGetProperty(secret, out _).Should().BeFalse();
            (await ana.GetAsync(path)).Json.GetProperty("items").GetArrayLength().Should().Be(count);
            (await ana.PostJsonAsync(path, other, key)).Code.Should().Be("idempotency_conflict");
            await Delete(ana, $"{path}/{Id(first)}");
            Id(await ana.PostJsonAsync(path, body, key)).Should().Be(Id(first));
        }
    }

    private static string Id(WireAnswer answer) => answer.Json.GetProperty("id").GetString()!;

    private static Task<WireAnswer> Patch(Wire wire, string handle, string json) =>
        Send(wire, HttpMethod.Patch, $"/v1/admin/accounts/{handle}", json);

    private static Task<WireAnswer> Delete(Wire wire, string path) => wire.SendAsync(HttpMethod.Delete, path, null);

    private static Task<WireAnswer> Send(Wire wire, HttpMethod method, string path, string json) =>
        wire.SendAsync(method, path, new StringContent(json, Encoding.UTF8, "application/json"));
}
