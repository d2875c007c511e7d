using System.Net;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

/// <summary>Events that wait on disk while no server runs, and what a copy of that disk reveals.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task What_was_acknowledged_is_told_after_a_kill_though_the_server_never_came_to_it()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "60"));
        using var ana = host.Wire(await host.JoinAsync("ana"));
        var (hook, secret) = await ana.HookAsync(receiver);
        await ana.PostTextAsync("tried once");
        await receiver.NextAsync();
        await ana.AttemptsAsync(hook, 1);
        // The receiver wants no attempts, so this waits: what is on disk now is what a kill would leave.
        var waiting = await ana.PostTextAsync("never tried");
        using var folder = new TemporaryFolder();
        var left = folder.CopyOf(host.DataPath, "killed");
        receiver.Count.Should().Be(0);
        receiver.Answer = context => Task.FromResult(context.Response.StatusCode = 204);

        await using var again = await ServerHost.OpenAsync(left, host.Clock.GetUtcNow().AddMinutes(2), AllowHere);

        var told = new[] { await receiver.NextAsync(), await receiver.NextAsync() }.Single(message => message.StoryId == waiting);
        told.VerifySignature(secret);
        told.Json.GetProperty("data").GetProperty("story").GetProperty("text").GetString().Should().Be("never tried");
    }

    [Fact]
    public async Task A_restored_backup_has_lost_the_secrets_of_its_webhooks_and_tells_nobody()
    {
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        var token = await host.JoinAsync("ana");
        using var ana = host.Wire(token);
        var (hook, _) = await ana.HookAsync(receiver);
        using var folder = new TemporaryFolder();
        var archive = folder.New("backup.tar");
        await File.WriteAllBytesAsync(archive, (await ana.SendAsync(HttpMethod.Post, "/v1/admin/backup", null)).Body);
        var restored = folder.New("restored");

        (await ServerCommand.RunAsync(["restore", archive, "--data", restored], Program.Build)).Should().Be(0);
        await using var second = await ServerHost.OpenAsync(restored, host.Clock.GetUtcNow(), AllowHere);
        using var there = second.Wire(token);
        await there.PostTextAsync("said by the copy");

        (await there.StateAsync(hook)).GetProperty("state").GetString().Should().Be(WebhookStates.SecretLost);
        (await there.StateAsync(hook)).GetProperty("waiting").GetInt32().Should().Be(0);
        (await ana.StateAsync(hook)).GetProperty("state").GetString().Should().Be(WebhookStates.Active, "the server itself goes on");
        await ana.PostTextAsync("said by the server");
        (await receiver.NextAsync()).Text.Should().Contain("said by the server");
        receiver.Count.Should().Be(0);
    }

    private static ServerOptions AllowHere(ServerOptions options) => options with { WebhookAllow = [IPNetwork.Parse("127.0.0.0/8")] };
}
