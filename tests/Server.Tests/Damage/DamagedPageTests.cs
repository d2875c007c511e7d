using System.Net;
using System.Text;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Tests.Storage;
using StoriesCli.Testing;
using static StoriesCli.Server.Tests.Damage.DamagedData;

namespace StoriesCli.Server.Tests.Damage;

/// <summary>Each kind of row is lost in turn.</summary>
public sealed class DamagedPageTests
{
    [Fact]
    public async Task Whatever_kind_of_row_is_lost_the_server_goes_on_and_names_it()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ServerHost.StartAsync();
        var token = await host.JoinAsync("ana");
        await FillAllAsync(host, token);
        await host.StopAsync();
        var whole = folder.CopyOf(host.DataPath, "whole");
        var file = await File.ReadAllBytesAsync(Path.Combine(whole, DataFileName));
        var names = PageLayout.Collections(file[..PageBytes]);
        names.Values.Should().Contain(["stories", "replies", "mutes", "reports", "shares", "feeds", "webhooks", "circles", "idempotency"]);

        foreach (var (collection, name) in names.Where(it => it.Value is not ("schema" or "quarantine")))
        {
            var copy = folder.CopyOf(whole, "damaged");
            await AlterAsync(copy, DataFileName, bytes => FlipAllOf(bytes, collection));
            await using var damaged = await ServerHost.OpenAsync(copy, host.Clock.GetUtcNow());

            (await damaged.Wire(null).GetAsync("/readyz"))
                .Text.Contains("rows are lost", StringComparison.Ordinal)
                .Should()
                .Be(HasRows(file, collection), name);
            foreach (var path in Pages)
            {
                var status = (await damaged.Wire(token).GetAsync(path)).Status;
                ((int)status).Should().BeLessThan(500, $"{path} answers without the rows of {name}");
                if (name is "accounts" or "tokens")
                    status.Should().Be(HttpStatusCode.Unauthorized);
            }
        }
    }

    private static readonly string[] Pages =
    [
        "/v1/me",
        "/v1/people",
        "/v1/stories",
        "/v1/tray",
        "/v1/digest",
        "/v1/archive",
        "/v1/shares",
        "/v1/feeds",
        "/v1/circles",
        "/v1/me/mutes",
        "/v1/invites",
        "/v1/tokens",
        "/v1/question",
        "/v1/webhooks",
        "/v1/admin/audit",
        "/v1/admin/accounts",
        "/v1/admin/reports",
        "/v1/admin/usage",
        "/v1/people/ana/highlights",
    ];

    /// <summary>Makes a row of every kind that a request can make.</summary>
    private static async Task FillAllAsync(ServerHost host, string token)
    {
        var ana = host.Wire(token);
        var bob = host.Wire(await host.JoinAsync("bob"));
        const string poll = """{ "text": "a", "ttl": "30d", "poll": { "question": "q", "options": ["x", "y"] } }""";
        var story = (await ana.PostJsonAsync("/v1/stories", poll, ("Idempotency-Key", "k"))).Json.GetProperty("id").GetString();
        var gone = (await ana.PostJsonAsync("/v1/stories", """{ "text": "gone" }""")).Json.GetProperty("id").GetString();
        (Wire By, HttpMethod Method, string Path, string? Json)[] requests =
        [
            (ana, HttpMethod.Put, $"/v1/stories/{story}/keep", """{ "highlight": "best" }"""),
            (ana, HttpMethod.Delete, $"/v1/stories/{gone}", null),
            (bob, HttpMethod.Put, $"/v1/stories/{story}/view", null),
            (bob, HttpMethod.Post, $"/v1/stories/{story}/replies", """{ "text": "r" }"""),
            (bob, HttpMethod.Put, $"/v1/stories/{story}/reaction", """{ "emoji": "🔥" }"""),
            (bob, HttpMethod.Put, $"/v1/stories/{story}/ack", null),
            (bob, HttpMethod.Put, $"/v1/stories/{story}/vote", """{ "option": 1 }"""),
            (bob, HttpMethod.Post, $"/v1/stories/{story}/report", """{ "reason": "spam" }"""),
            (bob, HttpMethod.Put, "/v1/people/ana/mute", null),
            (ana, HttpMethod.Put, "/v1/circles/friends", """{ "members": ["bob"] }"""),
            (ana, HttpMethod.Put, "/v1/question", """{ "text": "why?" }"""),
            (ana, HttpMethod.Post, $"/v1/stories/{story}/share", null),
            (ana, HttpMethod.Post, "/v1/feeds", """{ "name": "reader" }"""),
            (ana, HttpMethod.Post, "/v1/webhooks", """{ "url": "https://1.1.1.1/" }"""),
            (ana, HttpMethod.Post, "/v1/invites", null),
            (ana, HttpMethod.Post, "/v1/admin/accounts/bob/access", null),
        ];
        foreach (var (by, method, path, json) in requests)
        {
            using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
            var answer = await by.SendAsync(method, path, content);
            answer.Status.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent], $"{path}: {answer.Text}");
        }
    }

    private static bool HasRows(byte[] file, uint collection) =>
        DataPagesOf(file, collection).Any(at => PageLayout.Parts(file[at..(at + PageBytes)]).Any());

    private static byte[] FlipAllOf(byte[] file, uint collection)
    {
        foreach (var at in DataPagesOf(file, collection).ToList())
            Flip(file, at + 100);
        return file;
    }

    private static IEnumerable<int> DataPagesOf(byte[] file, uint collection) =>
        Enumerable
            .Range(0, file.Length / PageBytes)
            .Select(page => page * PageBytes)
            .Where(at =>
                PageLayout.TypeOf(file.AsSpan(at, PageBytes)) == PageType.Data
                && PageLayout.CollectionOf(file.AsSpan(at, PageBytes)) == collection
            );
}
