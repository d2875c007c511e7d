using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Whether a webhook is told what happens: the values of <see cref="Webhook.State"/>. A newer server may have others.</summary>
public static class WebhookStates
{
    /// <summary>It is told.</summary>
    public const string Active = "active";

    /// <summary>Its maker is disabled, or no admin any longer: it is told nothing until that changes.</summary>
    public const string Suspended = "suspended";

    /// <summary>Its receiver answered 410: it is never told anything again.</summary>
    public const string Gone = "gone";

    /// <summary>The server cannot read its secret, so that it can sign nothing: make another one.</summary>
    public const string SecretLost = "secret_lost";
}

/// <summary>Asks for a webhook.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewWebhook
{
    /// <summary>The http(s) address that is told, at most <see cref="Limits.LinkCharacters"/> characters, without a name and password in it.</summary>
    public string? Url { get; init; }

    /// <summary>Of <see cref="EventTypes"/>, without <see cref="EventTypes.Reset"/>; all of them unless told.</summary>
    public string[]? Events { get; init; }
}

/// <summary>An address that is told what happens, as its maker may see it; without its secret.</summary>
public record Webhook
{
    /// <summary>ULID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The address that is told; to others than its maker only scheme, host and port, for the rest may be a secret of the receiver's.</summary>
    public required string Url { get; init; }

    /// <summary>Of <see cref="EventTypes"/>: what it is told.</summary>
    public required string[] Events { get; init; }

    /// <summary>Who made it, and with whose eyes it sees.</summary>
    public required Person Maker { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>One of <see cref="WebhookStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>How many events wait to be told, or to be told again; at most <see cref="Limits.WebhookQueue"/>.</summary>
    public int Waiting { get; init; }

    /// <summary>How many events were never told because too many others waited behind them.</summary>
    public long Dropped { get; init; }
}

/// <summary>A webhook that was just made.</summary>
public sealed record MadeWebhook : Webhook
{
    /// <summary><c>whsec_…</c>, shown this once: what its receiver checks signatures with.</summary>
    public required string Secret { get; init; }
}

/// <summary>One attempt to tell a webhook of an event.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The header <c>webhook-id</c>: the same for each attempt at one event.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Event { get; init; }

    /// <summary>Which story it is about; empty for <see cref="EventTypes.OfAccounts"/>.</summary>
    public required string StoryId { get; init; }

    /// <summary>When the attempt ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Which attempt it was, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>HTTP status of the answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, in words; null when the receiver took it, or when the status says it all.</summary>
    public string? Error { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>When it is tried again; null when it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>What a webhook is sent, by the Standard Webhooks convention.</summary>
public sealed record WebhookMessage
{
    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The event, as the webhook's maker may see it at the moment of sending.</summary>
    public required StoryEvent Data { get; init; }
}
