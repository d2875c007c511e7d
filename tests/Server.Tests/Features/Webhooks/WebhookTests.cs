using System.Net;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public async Task What_happens_is_told_signed_by_the_convention()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        var (hook, secret) = await ana.HookAsync(receiver, "story.posted", "reply");

        var story = await bob.PostTextAsync("Grüße");
        var posted = await receiver.NextAsync();
        await ana.PostJsonAsync($"/v1/stories/{story}/replies", """{ "text": "Seen" }""");
        var reply = await receiver.NextAsync();

        posted.VerifySignature(secret);
        reply.VerifySignature(secret);
        posted.Path.Should().Be("/hook");
        posted.Headers["Content-Type"].Should().Be("application/json");
        posted.Headers["webhook-timestamp"].Should().Be($"{host.Clock.GetUtcNow().ToUnixTimeSeconds()}");
        posted.Json.EnumerateObject().Select(field => field.Name).Should().Equal("type", "timestamp", "data");
        (posted.Type, posted.StoryId).Should().Be(("story.posted", story));
        posted.Json.GetProperty("data").GetProperty("story").GetProperty("text").GetString().Should().Be("Grüße");
        reply.Json.GetProperty("data").GetProperty("reply").GetProperty("text").GetString().Should().Be("Seen");
        reply.Id.Should().NotBe(posted.Id);
        var attempts = await ana.AttemptsAsync(hook, 2);
        attempts
            .Select(a => (a.GetProperty("event").GetString(), a.GetProperty("status").GetInt32(), a.GetProperty("attempt").GetInt32()))
            .Should()
            .Equal(("reply", 204, 1), ("story.posted", 204, 1));
    }

    [Fact]
    public async Task A_receiver_with_a_library_accepts_a_message_and_refuses_a_changed_one()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        // The library compares the time of the message with the machine's clock.
        host.Clock.SetUtcNow(DateTimeOffset.UtcNow);
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (_, secret) = await ana.HookAsync(receiver, "story.posted");
        await ana.PostTextAsync("deployed");
        var message = await receiver.NextAsync();

        message.IsAccepted(secret, message.Text).Should().BeTrue();
        message.IsAccepted(secret, message.Text.Replace("deployed", "broken", StringComparison.Ordinal)).Should().BeFalse();
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_lies_nowhere_in_the_open()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var body = $$"""{ "url": "{{receiver.Url}}", "events": ["story.posted"] }""";
        var first = await ana.PostJsonAsync("/v1/webhooks", body, ("Idempotency-Key", "once"));
        var again = await ana.PostJsonAsync("/v1/webhooks", body, ("Idempotency-Key", "once"));
        var secret = first.Json.GetProperty("secret").GetString()!;

        again.Status.Should().Be(HttpStatusCode.Created);
        again.Json.GetProperty("id").GetString().Should().Be(first.Json.GetProperty("id").GetString());
        again.Text.Should().NotContain("whsec");
        (await ana.GetAsync("/v1/webhooks")).Text.Should().Contain(receiver.Url).And.NotContain("whsec");
        (await ana.GetAsync("/v1/admin/audit"))
            .Text.Should()
            .Contain("webhook.made")
            .And.NotContain("whsec")
            .And.NotContain("receivers-own");
        await host.StopAsync();
        foreach (var file in Directory.GetFiles(host.DataPath, "stories.*"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret["whsec_".Length..])).Should().Be(-1);
            bytes.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])).Should().Be(-1);
        }
        File.GetUnixFileMode(Path.Combine(host.DataPath, "webhook-key")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await host.StartAgainAsync();
        await ana.PostTextAsync("after the restart");
        (await receiver.NextAsync()).VerifySignature(secret);
    }

    [Fact]
    public async Task Without_its_key_the_data_tell_nobody_anything()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, _) = await ana.HookAsync(receiver);
        await host.StopAsync();
        File.Delete(Path.Combine(host.DataPath, "webhook-key"));
        await host.StartAgainAsync();

        await ana.PostTextAsync("x");

        (await ana.StateAsync(hook)).GetProperty("state").GetString().Should().Be(WebhookStates.SecretLost);
        (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32().Should().Be(0);
        var (_, secret) = await ana.HookAsync(receiver);
        await ana.PostTextAsync("y");
        (await receiver.NextAsync()).VerifySignature(secret);
    }

    [Fact]
    public async Task It_sees_what_its_maker_sees_and_no_more()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob"));
        using var cem = host.Wire(await host.JoinAsync("cem"));
        await ana.HookAsync(receiver, [.. EventTypes.All]);

        var hidden = await bob.PostTextAsync("not for ana", "cem");
        await cem.SendAsync(HttpMethod.Put, $"/v1/stories/{hidden}/view", null);
        await cem.PostJsonAsync($"/v1/stories/{hidden}/replies", """{ "text": "quiet" }""");
        await bob.SendAsync(HttpMethod.Delete, $"/v1/stories/{hidden}", null);
        var shown = await bob.PostTextAsync("for all");
        await cem.SendAsync(HttpMethod.Put, $"/v1/stories/{shown}/view", null);
        await cem.SendAsync(
            HttpMethod.Put,
            $"/v1/stories/{shown}/reaction",
            new StringContent("""{ "emoji": "🎉" }""", Encoding.UTF8, "application/json")
        );

        var posted = await receiver.NextAsync();
        var reaction = await receiver.NextAsync();
        (posted.Type, posted.StoryId).Should().Be(("story.posted", shown));
        (reaction.Type, reaction.StoryId).Should().Be(("reaction", shown));
        reaction.Text.Should().NotContain("cem", "who reacted is told to the author alone");
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task What_the_clock_brings_about_is_told_too()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        await ana.HookAsync(receiver, "story.expiring", "story.expired");
        var story = (await ana.PostJsonAsync("/v1/stories", """{ "text": "short", "ttl": "2h" }""")).Json.GetProperty("id").GetString()!;

        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var expiring = await receiver.NextAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var expired = await receiver.NextAsync();

        (expiring.Type, expiring.StoryId).Should().Be(("story.expiring", story));
        (expired.Type, expired.StoryId).Should().Be(("story.expired", story));
        expired.Text.Should().NotContain("short");
    }

    [Fact]
    public async Task It_is_silent_while_its_maker_is_disabled_or_no_admin_and_ends_when_the_maker_leaves()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob", Roles.Admin));
        var (hook, _) = await bob.HookAsync(receiver);
        Task<WireAnswer> ChangeAsync(string json) =>
            ana.SendAsync(HttpMethod.Patch, "/v1/admin/accounts/bob", new StringContent(json, Encoding.UTF8, "application/json"));

        await ChangeAsync("""{ "disabled": true }""");
        await ana.PostTextAsync("while disabled");
        (await ana.StateAsync(hook)).GetProperty("state").GetString().Should().Be(WebhookStates.Suspended);
        await ChangeAsync("""{ "disabled": false, "role": "member" }""");
        await ana.PostTextAsync("while a member");
        await ChangeAsync("""{ "role": "admin" }""");
        var heard = await ana.PostTextAsync("again");
        (await receiver.NextAsync()).StoryId.Should().Be(heard);
        await ana.SendAsync(HttpMethod.Delete, "/v1/admin/accounts/bob", null);
        await ana.PostTextAsync("after");

        (await ana.GetAsync("/v1/webhooks")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task What_waits_is_let_go_when_its_maker_is_disabled()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.InternalServerError);
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob", Roles.Admin));
        var (hook, _) = await bob.HookAsync(receiver);
        await ana.PostTextAsync("x");
        await receiver.NextAsync();
        await bob.AttemptsAsync(hook, 1);

        await ana.SendAsync(
            HttpMethod.Patch,
            "/v1/admin/accounts/bob",
            new StringContent("""{ "disabled": true }""", Encoding.UTF8, "application/json")
        );
        host.Clock.Advance(TimeSpan.FromSeconds(6));

        await Eventually.TrueAsync(async () => (await ana.StateAsync(hook)).GetProperty("waiting").GetInt32() == 0);
        receiver.Count.Should().Be(0);
    }

    [Fact]
    public async Task Admins_see_and_end_each_others_without_what_is_the_makers_alone()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        using var ana = host.Wire(await host.JoinAsync("ana"));
        using var bob = host.Wire(await host.JoinAsync("bob", Roles.Admin));
        using var cem = host.Wire(await host.JoinAsync("cem"));
        var (hook, _) = await bob.HookAsync(receiver);

        (await ana.GetAsync("/v1/webhooks")).Text.Should().NotContain("receivers-own").And.Contain("127.0.0.1").And.Contain("bob");
        (await ana.GetAsync($"/v1/webhooks/{hook}/deliveries")).Code.Should().Be("webhook_not_found");
        (await cem.GetAsync("/v1/webhooks")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await cem.PostJsonAsync("/v1/webhooks", $$"""{ "url": "{{receiver.Url}}" }""")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await ana.SendAsync(HttpMethod.Delete, $"/v1/webhooks/{hook}", null)).Status.Should().Be(HttpStatusCode.NoContent);
        (await ana.GetAsync("/v1/admin/audit?limit=1")).Text.Should().Contain("webhook.deleted").And.Contain(hook);
        await ana.PostTextAsync("x");
        (await bob.GetAsync("/v1/webhooks")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }
}
