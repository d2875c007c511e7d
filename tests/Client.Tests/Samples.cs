using System.Security.Cryptography;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Tests;

/// <summary>Wire objects as a server would send them.</summary>
internal static class Samples
{
    public const string Id = "01kb3v8sxq7m2c4w9e5r1t0y6z";

    public static readonly string EmptyPage = """{"items":[],"nextCursor":null}""";

    public static Story StoryOf(byte[] media, string? caption = null) =>
        new()
        {
            Id = Id,
            Author = new() { Handle = "ana", DisplayName = "Ana" },
            Kind = StoryKinds.Image,
            Caption = caption,
            Audience = Audience.Team,
            CreatedAt = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero),
            ExpiresAt = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero),
            Media = new()
            {
                Type = "image/jpeg",
                Bytes = media.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(media)),
                FileName = "a.jpg",
            },
        };

    public static string StoryJson(byte[]? media = null) =>
        JsonSerializer.Serialize(StoryOf(media ?? [1, 2, 3]), ContractsJson.Default.Story);

    public static string Problem(ErrorCode error, string detail) =>
        $$$"""{"type":"{{{error.Type}}}","title":"{{{error.Title}}}","status":{{{error.Status}}},"detail":"{{{detail}}}","code":"{{{error.Code}}}","traceId":"t-1","errors":{"ttl":["too long"]}}""";
}
