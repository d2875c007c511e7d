using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StoriesCli.Client.Api;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Tests.Features.Webhooks;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Accounts;

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
        await ana.Stories.PostTextAsync(new NewStory { Text = "ana's" }, anas.Key);
        await bob.Stories.PostTextAsync(new NewStory { Text = "bob's" }, bobs.Key);
        keys.Find(bobs).Should().NotBeNull();

        await bob.Accounts.LeaveAsync();

        keys.Find(bobs).Should().BeNull();
        keys.Find(anas).Should().NotBeNull();
        await host.RestartAsync();
        ((IdempotencyStore)host.Services.GetService(typeof(IdempotencyStore))!).Find(bobs).Should().BeNull();
    }

    [Fact]
    public async Task Nothing_that_was_theirs_is_left_in_any_row_or_file_whatever_state_it_was_in()
    {
        const string mark = "leavemark";
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        var ana = await host.SignInAsync("ana");
        var bob = await host.SignInAsync("bob", Roles.Admin);
        using var wire = host.Wire(await host.JoinAsync("cem"));
        var asked = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "of ana",
                Poll = new() { Question = "?", Options = ["a", "b"] },
            },
            "1"
        );
        await bob.Accounts.ChangeMeAsync(new() { DisplayName = mark, Archive = true });
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var archived = await bob.Stories.PostTextAsync(new NewStory { Text = $"{mark} archived {TestMedia.LongText}", Ttl = "5m" }, "2");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(async () => await bob.Archive.ListAsync(null).CountAsync() == 1);
        var active = await bob.Stories.PostTextAsync(
            new NewStory
            {
                Text = $"{mark} active {TestMedia.LongText}",
                Caption = mark,
                Tags = [mark],
                Slot = mark,
                Ttl = "2h",
            },
            "3"
        );
        var kept = await bob.Stories.PostTextAsync(new NewStory { Text = $"{mark} kept {TestMedia.LongText}" }, "4");
        await bob.Highlights.KeepAsync(kept.Id, mark);
        var unswept = await bob.Stories.PostTextAsync(new NewStory { Text = $"{mark} just over {TestMedia.LongText}", Ttl = "5m" }, "5");
        await ana.Conversation.ReplyAsync(unswept.Id, "to who leaves");
        await bob.Conversation.ReplyAsync(asked.Id, mark);
        await bob.Conversation.ReactAsync(asked.Id, "🎉");
        await bob.Conversation.VoteAsync(asked.Id, 0);
        await bob.Conversation.AckAsync(asked.Id);
        await bob.Stories.MarkViewedAsync(asked.Id);
        await bob.Reports.CreateAsync(asked.Id, mark);
        await bob.Circles.PutAsync(mark, ["ana"]);
        await bob.Mutes.MuteTagAsync(mark);
        await bob.Questions.PutAsync($"{mark}?");
        await bob.Tokens.CreateAsync(new() { Name = mark, Scopes = [Scopes.Read] });
        await bob.Feeds.CreateAsync(mark);
        await bob.Shares.CreateAsync(active.Id);
        await bob.Webhooks.CreateAsync(new() { Url = $"http://127.0.0.1:1/{mark}", Events = [EventTypes.Posted] });
        host.Clock.Advance(TimeSpan.FromMinutes(5));

        await bob.Accounts.LeaveAsync();

        (await ana.Stories.GetAsync(asked.Id))
            .Should()
            .Match<Story>(story =>
                story.ReplyCount == 0 && story.AckCount == 0 && story.Reactions.Count == 0 && story.Poll!.Options[0].Votes == 0
            );
        (await ana.Conversation.ListRepliesAsync(asked.Id)).Should().BeEmpty();
        await host.StopAsync();
        using (var database = new LiteDB.LiteDatabase(Path.Combine(host.DataPath, "stories.db")))
        {
            database
                .GetCollectionNames()
                .SelectMany(name => database.GetCollection(name).FindAll().Select(document => $"{name}: {document}"))
                .Where(row => row.Contains(mark, StringComparison.OrdinalIgnoreCase))
                .Should()
                .BeEmpty();
        }
        Directory
            .EnumerateFiles(Path.Combine(host.DataPath, "media"), "*", SearchOption.AllDirectories)
            .Where(path => new[] { archived, active, kept, unswept }.Any(story => path.Contains(story.Id, StringComparison.Ordinal)))
            .Should()
            .BeEmpty();
        Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(host.DataPath, "stories.db"))).Should().NotContain(mark);
    }

    [Fact]
    public async Task No_row_has_the_number_of_a_deleted_account()
    {
        // No other number in any row equals this one by chance.
        const int number = 71_234_567;
        await using var host = await ServerHost.StartWithWebhooksToHereAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(HttpStatusCode.ServiceUnavailable, ("Retry-After", "86400"));
        var ana = await host.SignInAsync("ana", Roles.Admin);
        using var anas = host.Wire(await host.JoinAsync("cem", Roles.Admin));
        await host
            .Services.GetRequiredService<Database>()
            .CommitAsync(batch =>
            {
                batch.Insert(AccountRow.Collection, new(number - 1, "before", "before", Roles.Member, host.Clock.GetUtcNow(), false));
                return true;
            });
        var bobsToken = await host.JoinAsync("bob", Roles.Admin);
        var bob = host.Client(bobsToken);
        host.Services.GetRequiredService<AccountStore>().Find("bob")!.Number.Should().Be(number);
        await anas.HookAsync(receiver, EventTypes.Posted, EventTypes.Reaction, EventTypes.Reply, EventTypes.Removed, EventTypes.View);

        // Everything that others have of bob.
        var forBob = await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "hello @bob",
                Audience = ["bob", "cem"],
                Slot = "s",
            },
            "1"
        );
        await ana.Stories.PostTextAsync(
            new NewStory
            {
                Text = "instead",
                Audience = ["bob"],
                Slot = "s",
            },
            "2"
        );
        var deleted = await ana.Stories.PostTextAsync(new NewStory { Text = "soon gone", Audience = ["bob"] }, "3");
        await ana.Stories.DeleteAsync(deleted.Id);
        await ana.Stories.EditAsync(forBob.Id, new() { Caption = "for @bob" });
        await ana.Circles.PutAsync("c", ["bob"]);
        await ana.Mutes.MutePersonAsync("bob");
        await bob.Admin.GiveAccessAsync("cem");
        // Everything that bob has and does.
        await bob.Stories.MarkViewedAsync(forBob.Id);
        await bob.Conversation.ReactAsync(forBob.Id, "🎉");
        await bob.Conversation.ReplyAsync(forBob.Id, "hi");
        await bob.Conversation.AckAsync(forBob.Id);
        await bob.Reports.CreateAsync(forBob.Id, "x");
        var own = await bob.Stories.PostTextAsync(new NewStory { Text = "own" }, "4");
        var over = await bob.Stories.PostTextAsync(new NewStory { Text = "over", Ttl = "5m" }, "5");
        await ana.Conversation.ReplyAsync(over.Id, "to bob");
        var gone = await bob.Stories.PostTextAsync(new NewStory { Text = "gone" }, "6");
        await bob.Stories.DeleteAsync(gone.Id);
        await bob.Shares.CreateAsync(own.Id);
        await bob.Feeds.CreateAsync("f");
        await bob.Questions.PutAsync("why?");
        await bob.Mutes.MuteTagAsync("t");
        await bob.Circles.PutAsync("own", ["ana"]);
        await bob.Invites.CreateAsync(new NewInvite { Role = Roles.Member });
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await NumbersAsync(host, number))
            .Should()
            .Contain(["accounts", "stories", "views", "tombstones", "replies", "circles", "mutes", "webhookQueue"]);

        await host.Client(bobsToken).Accounts.LeaveAsync();

        (await NumbersAsync(host, number)).Should().Equal("accounts");
    }

    /// <summary>The collections with a row that contains the number: in a field, an id or packed bytes.</summary>
    private static async Task<string[]> NumbersAsync(ServerHost host, int number)
    {
        await host.StopAsync();
        using (var database = new LiteDB.LiteDatabase(Path.Combine(host.DataPath, "stories.db")))
        {
            var names = database
                .GetCollectionNames()
                .Where(name => database.GetCollection(name).FindAll().Any(Has))
                .Order(StringComparer.Ordinal)
                .ToArray();
            database.Dispose();
            await host.StartAgainAsync();
            return names;
        }

        bool Has(LiteDB.BsonValue value) =>
            value.IsDocument ? value.AsDocument.Values.Any(Has)
            : value.IsArray ? value.AsArray.Any(Has)
            : value.IsBinary ? value.AsBinary.AsSpan().IndexOf(BitConverter.GetBytes(number)) >= 0
            : value.IsInt32 ? value.AsInt32 == number
            : value.IsString && value.AsString.Contains($"{number}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_departure_that_was_cut_off_is_made_up_for_at_the_next_start_also_of_what_has_just_expired()
    {
        await using var host = await ServerHost.StartAsync();
        var anasToken = await host.JoinAsync("ana");
        var bob = await host.SignInAsync("bob");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var over = await bob.Stories.PostTextAsync(new NewStory { Text = "x", Ttl = "5m" }, "1");
        var active = await bob.Stories.PostTextAsync(new NewStory { Text = "y" }, "2");
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        var accounts = (AccountStore)host.Services.GetService(typeof(AccountStore))!;
        var row = accounts.Find("bob")!;

        await host
            .Services.GetRequiredService<AccountDeletion>()
            .EndAsync(new(row.Number, "bob", row.Role, "", [], default), "bob", CancellationToken.None);
        await host.RestartAsync();

        host.Services.GetRequiredService<AccountDeletion>().Unfinished().Should().BeEmpty();
        var ana = host.Client(anasToken);
        (await ana.Awaiting(client => client.Stories.GetAsync(active.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be(Errors.StoryDeleted.Code);
        (await ana.Awaiting(client => client.Stories.GetAsync(over.Id)).Should().ThrowAsync<ApiException>())
            .Which.Code.Should()
            .Be(Errors.StoryExpired.Code);
    }
}
