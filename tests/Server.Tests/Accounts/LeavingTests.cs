using StoriesCli.Contracts;
using StoriesCli.Server.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Accounts;

public sealed class LeavingTests
{
    [Fact]
    public async Task What_was_remembered_of_requests_goes_with_who_made_them_and_nobody_elses()
    {
        await using var host = await ServerHost.StartAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob");
        var keys = (IdempotencyStore)host.Services.GetService(typeof(IdempotencyStore))!;
        var accounts = (AccountStore)host.Services.GetService(typeof(AccountStore))!;
        var (anas, bobs) = (new IdempotencyKey(accounts.Find("ana")!.Number, "1"), new IdempotencyKey(accounts.Find("bob")!.Number, "1"));
        await ana.PostTextAsync(new NewStory { Text = "ana's" }, anas.Key);
        await bob.PostTextAsync(new NewStory { Text = "bob's" }, bobs.Key);
        keys.Find(bobs).Should().NotBeNull();

        await bob.LeaveAsync();

        keys.Find(bobs).Should().BeNull();
        keys.Find(anas).Should().NotBeNull();
        await host.RestartAsync();
        ((IdempotencyStore)host.Services.GetService(typeof(IdempotencyStore))!).Find(bobs).Should().BeNull();
    }
}
