using System.Net;
using System.Text.Json;
using StoriesCli.Testing;

namespace StoriesCli.Server.Tests.Features.Webhooks;

internal static class HostWebhooks
{
    /// <summary>Makes a webhook and returns its id and secret.</summary>
    public static Task<(string Id, string Secret)> HookAsync(this Wire who, Receiver receiver, params string[] events) =>
        who.HookAsync(receiver.Url, events);

    public static async Task<(string Id, string Secret)> HookAsync(this Wire who, string url, params string[] events)
    {
        var made = await who.PostJsonAsync(
            "/v1/webhooks",
            JsonSerializer.Serialize(new { url, events = events.Length == 0 ? ["story.posted"] : events })
        );
        made.Status.Should().Be(HttpStatusCode.Created, made.Text);
        return (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("secret").GetString()!);
    }

    public static async Task<string> PostTextAsync(this Wire who, string text, string audience = "team") =>
        (await who.PostJsonAsync("/v1/stories", JsonSerializer.Serialize(new { text, audience = new[] { audience } })))
            .Json.GetProperty("id")
            .GetString()!;

    public static async Task<JsonElement> StateAsync(this Wire who, string hook) =>
        (await who.GetAsync("/v1/webhooks"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("id").GetString() == hook);

    /// <summary>The attempts, newest first, once there are this many.</summary>
    public static async Task<JsonElement[]> AttemptsAsync(this Wire who, string hook, int count)
    {
        JsonElement[] attempts = [];
        await Eventually.TrueAsync(async () =>
            (
                attempts = [.. (await who.GetAsync($"/v1/webhooks/{hook}/deliveries?limit=200")).Json.GetProperty("items").EnumerateArray()]
            ).Length >= count
        );
        return attempts;
    }
}
