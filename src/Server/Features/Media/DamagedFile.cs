using System.Text.Json.Serialization;

namespace StoriesCli.Server.Features.Media;

/// <summary>A story's file that differs from what was posted.</summary>
/// <param name="Story">Id of the story.</param>
/// <param name="Part">Part of the story; null for the story's main file.</param>
/// <param name="Reason">What is wrong, as the end of a sentence about the file.</param>
/// <param name="FoundAt">When it was found.</param>
/// <param name="Bytes">Length of the file when it was found; -1 when it was missing.</param>
/// <param name="ModifiedAt">Time of its last write, by the file system. While time and length do not change, it need not be read again.</param>
internal sealed record DamagedFile(
    string Story,
    string? Part,
    string Reason,
    DateTimeOffset FoundAt,
    long Bytes,
    DateTimeOffset ModifiedAt
);

/// <summary>Progress of the media check, so that a restart continues there.</summary>
internal sealed record MediaCheckState
{
    /// <summary>When the current round, or else the last one, began; null before the first.</summary>
    public DateTimeOffset? RoundBegan { get; init; }

    /// <summary>Id of the last story that the current round has checked; null between two rounds.</summary>
    public string? After { get; init; }

    /// <summary>When the last complete round ended; null before the first.</summary>
    public DateTimeOffset? RoundEnded { get; init; }
    public DamagedFile[] Damaged { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(MediaCheckState))]
internal sealed partial class MediaCheckJson : JsonSerializerContext;
