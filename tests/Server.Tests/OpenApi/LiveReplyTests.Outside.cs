using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>What others can reach: shares, feeds, webhooks.</summary>
public sealed partial class LiveReplyTests
{
    private static async Task ShareAsync(DescribedApi api, ServerHost host, Wire ana, Wire bob, string card)
    {
        var nobody = host.Wire(null);
        (string, string) key = ("Idempotency-Key", "share");
        var share = (await api.AskAsync(ana, "createShare", 201, [card], json: """{ "ttl": "1h" }""", headers: key)).Json;
        await api.AskAsync(ana, "createShare", 201, [card], json: """{ "ttl": "1h" }""", headers: key);
        await api.AskAsync(bob, "createShare", 403, [card]);
        await api.AskAsync(ana, "listShares", 200, query: "?limit=1");
        var secret = share.GetProperty("url").GetString()!.Split('/')[^1];
        await api.AskAsync(nobody, "getSharePage", 200, [secret]);
        await api.AskAsync(nobody, "headSharePage", 200, [secret]);
        await api.AskAsync(nobody, "getSharePage", 404, ["another"]);
        await api.AskAsync(nobody, "headSharePage", 404, ["another"]);
        var whole = await api.AskAsync(nobody, "getSharedMedia", 200, [secret]);
        await api.AskAsync(nobody, "headSharedMedia", 200, [secret]);
        await api.AskAsync(nobody, "getSharedMedia", 206, [secret], headers: ("Range", "bytes=0-1"));
        await api.AskAsync(nobody, "getSharedMedia", 304, [secret], headers: ("If-None-Match", whole.Header("ETag")!));
        await api.AskAsync(nobody, "getSharedMedia", 416, [secret], headers: ("Range", "bytes=9999999-"));
        await api.AskAsync(nobody, "getSharedMedia", 400, [secret], query: "?part=before");
        await api.AskAsync(nobody, "getSharedMedia", 404, ["another"]);
        await api.AskAsync(nobody, "headSharedMedia", 404, ["another"]);
        await api.AskAsync(ana, "revokeShare", 204, [share.GetProperty("id").GetString()!]);
        await api.AskAsync(ana, "revokeShare", 404, [share.GetProperty("id").GetString()!]);
        await api.AskAsync(ana, "createShare", 201, [card], json: """{ "ttl": "1h" }""", headers: key);

        key = ("Idempotency-Key", "feed");
        var feed = (await api.AskAsync(bob, "createFeed", 201, json: """{ "name": "phone" }""", headers: key)).Json;
        await api.AskAsync(bob, "createFeed", 201, json: """{ "name": "phone" }""", headers: key);
        await api.AskAsync(bob, "listFeeds", 200);
        var query = "?key=" + feed.GetProperty("key").GetString();
        var read = await api.AskAsync(nobody, "getFeed", 200, query: query + "&author=ana");
        await api.AskAsync(nobody, "getFeed", 304, query: query + "&author=ana", headers: ("If-None-Match", read.Header("ETag")!));
        await api.AskAsync(nobody, "getPlaylist", 200, query: query);
        await api.AskAsync(bob, "revokeFeed", 204, [feed.GetProperty("id").GetString()!]);
        await api.AskAsync(bob, "revokeFeed", 404, [feed.GetProperty("id").GetString()!]);
        await api.AskAsync(nobody, "getFeed", 403, query: query);
        await api.AskAsync(nobody, "getPlaylist", 403, query: query);
        await api.AskAsync(bob, "createFeed", 201, json: """{ "name": "phone" }""", headers: key);
    }

    /// <summary>None of its events happen here, so nothing is sent.</summary>
    private static async Task AskForWebhooksAsync(DescribedApi api, Wire ana)
    {
        (string, string) key = ("Idempotency-Key", "webhook");
        var made = IdOf(
            await api.AskAsync(
                ana,
                "createWebhook",
                201,
                json: """{ "url": "https://1.1.1.1/hook", "events": ["story.expiring"] }""",
                headers: key
            )
        );
        await api.AskAsync(
            ana,
            "createWebhook",
            201,
            json: """{ "url": "https://1.1.1.1/hook", "events": ["story.expiring"] }""",
            headers: key
        );
        await api.AskAsync(ana, "createWebhook", 400, json: """{ "url": "http://127.0.0.1/hook" }""");
        await api.AskAsync(ana, "listWebhooks", 200);
        await api.AskAsync(ana, "listDeliveries", 200, [made]);
        await api.AskAsync(ana, "listDeliveries", 404, [NoStory]);
        await api.AskAsync(ana, "deleteWebhook", 204, [made]);
        await api.AskAsync(ana, "deleteWebhook", 404, [made]);
        await api.AskAsync(
            ana,
            "createWebhook",
            201,
            json: """{ "url": "https://1.1.1.1/hook", "events": ["story.expiring"] }""",
            headers: key
        );
    }
}
