using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>JSON format of every wire type: camelCase, nulls written, times as RFC 3339 UTC with milliseconds.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(AccountChange))]
[JsonSerializable(typeof(Circle))]
[JsonSerializable(typeof(CircleMembers))]
[JsonSerializable(typeof(Feed))]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(HighlightOrder))]
[JsonSerializable(typeof(Joined))]
[JsonSerializable(typeof(LiveEnd))]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(MadeAccess))]
[JsonSerializable(typeof(MadeFeed))]
[JsonSerializable(typeof(MadeInvite))]
[JsonSerializable(typeof(MadeShare))]
[JsonSerializable(typeof(MadeToken))]
[JsonSerializable(typeof(MadeWebhook))]
[JsonSerializable(typeof(ManagedAccount))]
[JsonSerializable(typeof(MediaLink))]
[JsonSerializable(typeof(Mute))]
[JsonSerializable(typeof(NewFeed))]
[JsonSerializable(typeof(NewInvite))]
[JsonSerializable(typeof(NewKeep))]
[JsonSerializable(typeof(NewLink))]
[JsonSerializable(typeof(NewLive))]
[JsonSerializable(typeof(NewMute))]
[JsonSerializable(typeof(NewQuestion))]
[JsonSerializable(typeof(NewReaction))]
[JsonSerializable(typeof(NewReply))]
[JsonSerializable(typeof(NewReport))]
[JsonSerializable(typeof(NewShare))]
[JsonSerializable(typeof(NewStory))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(NewVote))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(NoFields))]
[JsonSerializable(typeof(OpenInvite))]
[JsonSerializable(typeof(Page<Acknowledgement>))]
[JsonSerializable(typeof(Page<AuditEntry>))]
[JsonSerializable(typeof(Page<Circle>))]
[JsonSerializable(typeof(Page<Feed>))]
[JsonSerializable(typeof(Page<ManagedAccount>))]
[JsonSerializable(typeof(Page<Highlight>))]
[JsonSerializable(typeof(Page<Mute>))]
[JsonSerializable(typeof(Page<OpenInvite>))]
[JsonSerializable(typeof(Page<Reply>))]
[JsonSerializable(typeof(Page<Report>))]
[JsonSerializable(typeof(Page<Share>))]
[JsonSerializable(typeof(Page<Story>))]
[JsonSerializable(typeof(Page<TeamMember>))]
[JsonSerializable(typeof(Page<TokenInfo>))]
[JsonSerializable(typeof(Page<TrayItem>))]
[JsonSerializable(typeof(Page<Webhook>))]
[JsonSerializable(typeof(Page<WebhookDelivery>))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProfileChange))]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(RemovedReply))]
[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(RemovedStory))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(ServerLimits))]
[JsonSerializable(typeof(Share))]
[JsonSerializable(typeof(Story))]
[JsonSerializable(typeof(Story[]))]
[JsonSerializable(typeof(StoryEdit))]
[JsonSerializable(typeof(StoryEvent))]
[JsonSerializable(typeof(TokenInfo))]
[JsonSerializable(typeof(UsagePage))]
[JsonSerializable(typeof(ViewerPage))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(WebhookMessage))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary>RFC 3339 in UTC with exactly three decimals: <c>2026-11-22T18:00:00.000Z</c>.</summary>
public sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <summary>The same format, for texts that are not JSON.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // The format "O" is written much faster than one made of letters, and begins with the same characters.
        Span<byte> text = stackalloc byte[32];
        value.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[23] = (byte)'Z';
        writer.WriteStringValue(text[..24]);
    }
}
