using System.Text.Json.Serialization;

namespace StoriesCli.Server.Features.Media;

/// <summary>A file of a story that is not what was posted.</summary>
/// <param name="Story">Its story's id.</param>
/// <param name="Part">Which of the story's files; null for the one that every story has.</param>
/// <param name="Reason">What is wrong, as the end of a sentence about the file.</param>
/// <param name="FoundAt">When it was found.</param>
/// <param name="Bytes">How long the file was then; -1 when it was missing.</param>
/// <param name="ModifiedAt">When it was last written to, by the file system: as long as that and the length stay, it need not be read again.</param>
internal sealed record DamagedFile(
    string Story,
    string? Part,
    string Reason,
    DateTimeOffset FoundAt,
    long Bytes,
    DateTimeOffset ModifiedAt
);

/// <summary>How far the check of the media has come, so that a restart goes on there.</summary>
internal sealed record MediaCheckState
{
    /// <summary>When the round under way, or the last one, began; null before the first.</summary>
    public DateTimeOffset? RoundBegan { get; init; }

    /// <summary>Id of the last story that the round under way has checked; null between two rounds.</summary>
    public string? After { get; init; }

    /// <summary>When the last whole round ended; null before that.</summary>
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
