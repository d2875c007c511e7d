using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>States of a webhook: the values of <see cref="Webhook.State"/>. A newer server may have others.</summary>
public static class WebhookStates
{
    /// <summary>It receives events.</summary>
    public const string Active = "active";

    /// <summary>Its maker is disabled or no longer an admin. It receives nothing until that changes.</summary>
    public const string Suspended = "suspended";

    /// <summary>Its receiver answered 410. It never receives anything again.</summary>
    public const string Gone = "gone";

    /// <summary>The server cannot read its secret and so cannot sign: make another webhook.</summary>
    public const string SecretLost = "secret_lost";
}

/// <summary>Asks for a webhook.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewWebhook
{
    /// <summary>The http(s) address that receives the events, at most <see cref="Limits.LinkCharacters"/> characters, without a user name and password.</summary>
    public string? Url { get; init; }

    /// <summary>Events to send, of <see cref="EventTypes"/> without <see cref="EventTypes.Reset"/> (default: all of them).</summary>
    public string[]? Events { get; init; }
}

/// <summary>An address that receives events, as its maker may see them; without its secret.</summary>
public record Webhook
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The address. People other than its maker see only scheme, host and port, because the rest may be a secret of the receiver.</summary>
    public required string Url { get; init; }

    /// <summary>Which of the <see cref="EventTypes"/> it receives.</summary>
    public required string[] Events { get; init; }

    /// <summary>The admin who made it. It receives what this account may see.</summary>
    public required Person Maker { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>One of <see cref="WebhookStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Number of events that wait for delivery, at most <see cref="Limits.WebhookQueue"/>.</summary>
    public int Waiting { get; init; }

    /// <summary>Number of events that were dropped because too many waited.</summary>
    public long Dropped { get; init; }
}

/// <summary>A new webhook.</summary>
public sealed record MadeWebhook : Webhook
{
    /// <summary><c>whsec_…</c>, for the receiver to check signatures. The server shows it only once.</summary>
    public required string Secret { get; init; }
}

/// <summary>One attempt to deliver an event to a webhook.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The header <c>webhook-id</c>, the same for every attempt to deliver one event.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Event { get; init; }

    /// <summary>Id of the story; empty for <see cref="EventTypes.OfAccounts"/>.</summary>
    public required string StoryId { get; init; }

    /// <summary>When the attempt ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Number of the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>HTTP status of the response; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, in words; null on success, or when the status says everything.</summary>
    public string? Error { get; init; }

    /// <summary>Duration of the attempt in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>When the server tries again; null when it does not.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>Body of a request to a webhook, by the Standard Webhooks convention.</summary>
public sealed record WebhookMessage
{
    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The event, as the webhook's maker may see it when it is sent.</summary>
    public required StoryEvent Data { get; init; }
}
