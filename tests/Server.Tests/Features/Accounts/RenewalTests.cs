using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Tests.Features.Events;
using StoriesCli.Server.Tests.Features.Webhooks;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

/// <summary>Who can sign in after a year.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task Who_comes_once_a_month_is_let_in_for_years_and_who_stays_away_for_one_is_not()
    {
        await using var host = await ServerHost.StartAsync();
        var (ana, bob) = (host.Wire(await host.JoinAsync("ana")), host.Wire(await host.JoinAsync("bob")));
        var made = await ana.PostJsonAsync("/v1/tokens", """{ "name": "laptop" }""");
        var laptop = host.Wire(made.Json.GetProperty("token").GetString());
        made.Json.GetProperty("renews").GetBoolean().Should().BeTrue("it was made without an end, with a token that renews");

        for (var month = 1; month <= 26; month++)
        {
            await host.RestartAsync(away: Month);
            (await ana.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK, $"in month {month}");
            (await laptop.GetAsync("/v1/tray")).Status.Should().Be(HttpStatusCode.OK, $"in month {month}");
            await NotedAsync(host);
        }

        (await bob.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await ana.GetAsync("/v1/me")).Json.GetProperty("tokenRenews").GetBoolean().Should().BeTrue();
        (await ana.GetAsync("/v1/admin/accounts/bob"))
            .Json.GetProperty("tokensEndAt")
            .ValueKind.Should()
            .Be(JsonValueKind.Null, "an admin sees who cannot sign in");
    }

    [Fact]
    public async Task Renewing_writes_no_row_for_each_request()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        await ana.GetAsync("/v1/tray");
        await NotedAsync(host);
        var before = Tokens(host).Of(1).Single();

        for (var i = 0; i < 50; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await ana.GetAsync("/v1/tray");
        }

        // A later change in the queue: everything noted before it is stored by now.
        await ana.PostJsonAsync("/v1/stories", """{ "text": "x" }""");
        Tokens(host).Of(1).Single().Should().Be(before, "within a minute nothing is noted, and within a day nothing is renewed");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await ana.GetAsync("/v1/tray");
        await Eventually.TrueAsync(() => Tokens(host).Of(1).Single().LastUsedAt > before.LastUsedAt);
        Tokens(host).Of(1).Single().ExpiresAt.Should().Be(before.ExpiresAt);
    }

    [Fact]
    public async Task A_bots_token_and_one_with_a_time_of_its_own_end_as_told_however_they_are_used()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var bot = host.Wire(await host.JoinAsync("ci", Roles.Bot));
        var told = host.Wire(
            (await ana.PostJsonAsync("/v1/tokens", """{ "name": "told", "ttl": "365d" }""")).Json.GetProperty("token").GetString()
        );

        for (var month = 1; month <= 12; month++)
        {
            await host.RestartAsync(away: Month);
            (await ana.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK);
            (await bot.GetAsync("/v1/me")).Json.GetProperty("tokenRenews").GetBoolean().Should().BeFalse();
            (await told.GetAsync("/v1/me")).Json.GetProperty("tokenRenews").GetBoolean().Should().BeFalse();
        }
        await host.RestartAsync(away: TimeSpan.FromDays(5));

        (await bot.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await told.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
        (await ana.GetAsync("/v1/me")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_made_with_a_token_that_ends_as_told_ends_no_later()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var told = host.Wire(
            (await ana.PostJsonAsync("/v1/tokens", """{ "name": "told", "ttl": "10d" }""")).Json.GetProperty("token").GetString()
        );

        var child = (await told.PostJsonAsync("/v1/tokens", """{ "name": "child" }""")).Json;

        child.GetProperty("renews").GetBoolean().Should().BeFalse();
        child.GetProperty("expiresAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow() + TimeSpan.FromDays(10));
    }

    [Fact]
    public async Task Where_the_host_says_absolute_use_moves_no_end_not_even_one_that_it_moved_before()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Wire(token);
        await host.RestartAsync(away: TimeSpan.FromDays(80));
        await ana.GetAsync("/v1/me");
        await NotedAsync(host);
        await host.StopAsync();

        await using var bounded = await ServerHost.OpenAsync(
            host.DataPath,
            host.Clock.GetUtcNow(),
            options => options with { TokenLifetime = TimeSpan.FromDays(90) }
        );
        var there = bounded.Wire(token);

        (await there.GetAsync("/v1/me"))
            .Json.GetProperty("tokenExpiresAt")
            .GetDateTimeOffset()
            .Should()
            .Be(host.Clock.GetUtcNow() + TimeSpan.FromDays(10));
        (await there.PostJsonAsync("/v1/tokens", """{ "name": "longer", "ttl": "11d" }""")).Code.Should().Be("invalid_request");
        await bounded.RestartAsync(away: TimeSpan.FromDays(9));
        (await there.GetAsync("/v1/me")).Json.GetProperty("tokenRenews").GetBoolean().Should().BeFalse();
        await bounded.RestartAsync(away: TimeSpan.FromDays(1));
        (await there.GetAsync("/v1/me")).Code.Should().Be("not_signed_in");
    }

    [Fact]
    public async Task A_stream_that_is_open_uses_its_token()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        await using var tap = await EventTap.OpenAsync(host, token);
        await NotedAsync(host);
        var before = Tokens(host).Of(1).Single().ExpiresAt;

        host.Clock.Advance(TimeSpan.FromDays(2));

        await Eventually.TrueAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return Tokens(host).Of(1).Single().ExpiresAt >= before + TimeSpan.FromDays(2);
        });
    }

    [Fact]
    public async Task A_bots_token_that_ends_is_told_of_once_to_the_bot_and_to_admins_also_across_restarts()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver, EventTypes.TokenExpiring);
        await host.JoinAsync("ci", Roles.Bot);
        var bob = host.Wire(await host.JoinAsync("bob"));
        (await bob.PostJsonAsync("/v1/tokens", """{ "name": "bobs own", "ttl": "365d" }""")).Status.Should().Be(HttpStatusCode.Created);

        await host.RestartAsync(away: TimeSpan.FromDays(334));
        await LookAsync(host, ana);
        (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32().Should().Be(0, "31 days are left");
        await host.RestartAsync(away: TimeSpan.FromDays(2));
        await LookAsync(host, ana);
        var warning = await receiver.NextAsync();

        warning.Type.Should().Be("token.expiring");
        var data = warning.Json.GetProperty("data");
        data.GetProperty("storyId").ValueKind.Should().Be(JsonValueKind.Null);
        data.GetProperty("token").GetProperty("owner").GetProperty("handle").GetString().Should().Be("ci");
        data.GetProperty("token")
            .GetProperty("expiresAt")
            .GetDateTimeOffset()
            .Should()
            .BeCloseTo(host.Clock.GetUtcNow() + TimeSpan.FromDays(29), TimeSpan.FromDays(1));
        await ana.AttemptsAsync(hook, 1);
        await host.RestartAsync(away: TimeSpan.FromDays(1));
        await LookAsync(host, ana);
        (await ana.StateAsync(hook))
            .GetProperty("waiting")
            .GetInt32()
            .Should()
            .Be(0, "it was told once, and a person's token is told to that person alone");
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task Its_owner_hears_of_a_token_that_ends_on_the_stream_and_nobody_of_one_that_was_made_for_days()
    {
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        var ana = host.Client(token);
        await ana.Tokens.CreateAsync(new NewToken { Name = "brief", Ttl = "6d" });
        await ana.Tokens.CreateAsync(new NewToken { Name = "nightly", Ttl = "60d" });
        await using var tap = await EventTap.OpenAsync(host, token);

        host.Clock.Advance(TimeSpan.FromDays(5.9));
        host.Clock.Advance(TimeSpan.FromDays(40));
        var told = await tap.NextAsync();

        told.Type.Should().Be(EventTypes.TokenExpiring);
        told.Data!.Value.GetProperty("token").GetProperty("name").GetString().Should().Be("nightly");
    }

    /// <summary>Somebody makes a request, so that their token is renewed. Then the server looks for tokens that expire.</summary>
    private static async Task LookAsync(ServerHost host, Wire wire)
    {
        await wire.GetAsync("/v1/me");
        await Eventually.TrueAsync(() =>
            Tokens(host).Of(1).Any(token => token.LastUsedAt > host.Clock.GetUtcNow() - TimeSpan.FromMinutes(1))
        );
        await host.Services.GetRequiredService<TokenWarnings>().WarnAsync();
    }

    /// <summary>The use of a token is noted after the response: waits until all notes of the first account are stored.</summary>
    private static Task NotedAsync(ServerHost host) =>
        Eventually.TrueAsync(() => Tokens(host).Of(1).All(token => token.LastUsedAt > host.Clock.GetUtcNow() - TimeSpan.FromMinutes(1)));

    private static TokenStore Tokens(ServerHost host) => host.Services.GetRequiredService<TokenStore>();
}
