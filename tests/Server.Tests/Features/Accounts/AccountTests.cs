using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

public sealed class AccountTests
{
    [Fact]
    public async Task The_first_start_leaves_an_invite_that_only_the_host_can_read_and_that_is_gone_once_used()
    {
        await using var host = await ServerHost.StartAsync();
        var file = Path.Combine(host.DataPath, "owner-invite");
        var code = await File.ReadAllTextAsync(file);
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(host.DataPath).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await host.RestartAsync();
        (await File.ReadAllTextAsync(file)).Should().Be(code, "a restart does not withdraw it");

        var ana = await host.SignInAsync("ana");

        (await ana.Accounts.GetMeAsync()).Role.Should().Be(Roles.Owner);
        File.Exists(file).Should().BeFalse();
        await host.RestartAsync();
        File.Exists(file).Should().BeFalse();
    }

    [Fact]
    public async Task An_invite_is_for_one_and_for_its_time()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(token: null);
        Task<WireAnswer> Join(string code, string handle) =>
            nobody.PostJsonAsync("/v1/join", $$"""{ "code": " {{code}}\n", "handle": "{{handle}}" }""");

        var used = await ana.Invites.CreateAsync(new NewInvite());
        (await Join(used.Code, "bob")).Status.Should().Be(HttpStatusCode.Created);
        (await Join(used.Code, "cyd")).Code.Should().Be("invite_invalid");
        var late = await ana.Invites.CreateAsync(new NewInvite { Ttl = "1h" });
        (await Join(late.Code, "bob")).Code.Should().Be("handle_taken");
        (await Join(late.Code, "A")).Code.Should().Be("invalid_request");
        host.Clock.Advance(TimeSpan.FromHours(1));
        (await Join(late.Code, "cyd")).Code.Should().Be("invite_invalid");
    }

    [Fact]
    public async Task Two_at_once_cannot_use_one_invite()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        using var nobody = host.Wire(token: null);
        var invite = await ana.Invites.CreateAsync(new NewInvite());

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{invite.Code}}", "handle": "guest{{i}}" }"""))
        );

        answers.Count(a => a.Status == HttpStatusCode.Created).Should().Be(1);
        (await ana.Accounts.ListPeopleAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task Nobody_invites_above_their_own_role_and_members_not_at_all()
    {
        await using var host = await ServerHost.StartAsync();
        await host.SignInAsync("ana");
        using var admin = host.Wire(await host.JoinAsync("adm", Roles.Admin));
        using var member = host.Wire(await host.JoinAsync("bob"));

        (await admin.PostJsonAsync("/v1/invites", """{ "role": "owner" }""")).Code.Should().Be("role_missing");
        (await admin.PostJsonAsync("/v1/invites", """{ "role": "admin" }""")).Status.Should().Be(HttpStatusCode.Created);
        (await member.PostJsonAsync("/v1/invites", "{}")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_that_may_only_post_sees_its_own_stories_and_mints_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        await ana.Stories.PostTextAsync(new NewStory { Text = "ana's" }, "1");
        var made = await bob.Tokens.CreateAsync(
            new NewToken
            {
                Name = "ci",
                Scopes = [Scopes.Post],
                Ttl = "30d",
            }
        );
        using var ci = host.Wire(made.Token);

        var posted = await ci.PostJsonAsync("/v1/stories", """{ "text": "built" }""");

        posted.Status.Should().Be(HttpStatusCode.Created);
        (await ci.GetAsync("/v1/stories"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(s => s.GetProperty("text").GetString())
            .Should()
            .Equal("built");
        foreach (var path in (string[])["/v1/tray", "/v1/people", "/v1/tokens", "/v1/me"])
        {
            (await ci.GetAsync(path)).Code.Should().Be("scope_missing", path);
        }
        (await ci.PostJsonAsync("/v1/tokens", """{ "name": "x" }""")).Code.Should().Be("scope_missing");
    }

    [Fact]
    public async Task A_token_gives_no_more_than_it_has_and_ends_when_it_is_revoked_or_over()
    {
        await using var host = await ServerHost.StartAsync();
        await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var reader = await bob.Tokens.CreateAsync(
            new NewToken
            {
                Name = "reader",
                Scopes = [Scopes.Read],
                Ttl = "10d",
            }
        );
        using var wire = host.Wire(reader.Token);

        (await wire.PostJsonAsync("/v1/tokens", """{ "name": "x", "scopes": ["post"] }""")).Code.Should().Be("scope_missing");
        (await wire.PostJsonAsync("/v1/tokens", """{ "name": "x", "scopes": ["read"], "ttl": "11d" }"""))
            .Code.Should()
            .Be("invalid_request");
        (await wire.PostJsonAsync("/v1/tokens", """{ "name": "x", "scopes": [] }""")).Code.Should().Be("invalid_request");
        (await wire.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK);
        (await bob.Tokens.ListAsync()).Single(t => t.Id == reader.Id).ExpiresAt.Should().Be(host.Clock.GetUtcNow() + TimeSpan.FromDays(10));
        var second = await bob.Tokens.CreateAsync(new NewToken { Name = "second" });
        using var other = host.Wire(second.Token);
        await bob.Tokens.RevokeAsync(second.Id);
        (await other.GetAsync("/v1/tray")).Code.Should().Be("not_signed_in");
        await host.RestartAsync(away: TimeSpan.FromDays(10));
        (await wire.GetAsync("/v1/tray")).Code.Should().Be("not_signed_in");
    }

    [Theory]
    [InlineData("team")]
    [InlineData("left")]
    public async Task A_handle_that_means_something_else_is_nobodys(string handle)
    {
        await using var host = await ServerHost.StartAsync();
        using var nobody = host.Wire(token: null);
        var code = (await File.ReadAllTextAsync(Path.Combine(host.DataPath, "owner-invite"))).Trim();

        var refused = await nobody.PostJsonAsync("/v1/join", $$"""{ "code": "{{code}}", "handle": "{{handle}}" }""");

        refused.Code.Should().Be("invalid_request");
        refused.Detail.Should().Contain(handle);
        (await host.SignInAsync("ana")).Should().NotBeNull("the invite is not used up");
    }

    [Fact]
    public async Task A_token_that_may_only_read_ends_no_other_and_changes_nothing()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var other = await ana.Tokens.CreateAsync(new NewToken { Name = "other" });
        var reader = await ana.Tokens.CreateAsync(new NewToken { Name = "reader", Scopes = [Scopes.Read] });
        using var wire = host.Wire(reader.Token);
        using var still = host.Wire(other.Token);

        (await wire.SendAsync(HttpMethod.Delete, $"/v1/tokens/{other.Id}", null)).Code.Should().Be("scope_missing");
        (await wire.SendAsync(HttpMethod.Delete, "/v1/me", null)).Code.Should().Be("scope_missing");
        (await wire.SendAsync(HttpMethod.Put, "/v1/circles/x", null)).Code.Should().Be("scope_missing");
        (await still.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mistyped_token_is_told_from_one_that_is_unknown_and_too_many_are_limited()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        using var mistyped = host.Wire(token[..10] + (token[10] == 'a' ? 'b' : 'a') + token[11..]);
        using var good = host.Wire(token);

        var first = await mistyped.GetAsync("/v1/tray");
        first.Status.Should().Be(HttpStatusCode.Unauthorized);
        first.Header("WWW-Authenticate").Should().Be("Bearer");
        first.Detail.Should().Contain("checksum");
        WireAnswer last = first;
        for (var i = 0; i < 30 && last.Status == HttpStatusCode.Unauthorized; i++)
        {
            last = await mistyped.GetAsync("/v1/tray");
        }
        last.Code.Should().Be("rate_limited");
        last.Header("Retry-After").Should().NotBeNull();
        (await good.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK, "who is signed in is never limited");
    }

    [Fact]
    public async Task No_secret_is_on_the_disk()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        await host.RestartAsync();

        foreach (var file in Directory.EnumerateFiles(host.DataPath).Where(file => Path.GetFileName(file) is not ("lock" or "admin.sock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync()).Should().NotContain(token);
        }
    }
}
