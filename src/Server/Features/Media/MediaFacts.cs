namespace StoriesCli.Server.Features.Media;

/// <summary>What a file's own bytes say about it.</summary>
/// <param name="Kind">One of <see cref="Contracts.StoryKinds"/>.</param>
/// <param name="Type">Media type, one of <see cref="MediaTypes"/>.</param>
/// <param name="Width">Pixels when shown upright; columns of a recording.</param>
/// <param name="Height">Pixels when shown upright; rows of a recording.</param>
/// <param name="DurationMs">Null when it has none, or its container does not say.</param>
/// <param name="Frames">More than one for an animation.</param>
internal sealed record MediaFacts(string Kind, string Type, int? Width = null, int? Height = null, long? DurationMs = null, long Frames = 1)
{
    /// <summary>What it was when it came, if this server made something else of it; null if not.</summary>
    public string? ConvertedFrom { get; init; }
}

/// <summary>What the first bytes of a file can still become; decides which byte limit acts while the rest arrives.</summary>
/// <param name="Kind">One of <see cref="Contracts.StoryKinds"/>.</param>
internal sealed record MediaGuess(string Kind);

/// <summary>The bytes are of no accepted type, or are broken; its message says what was seen.</summary>
internal sealed class MediaRefusedException(string reason) : Exception(reason);

/// <summary>The media are of an accepted type and over one of its limits; its message names both numbers.</summary>
internal sealed class MediaTooLargeException(string reason) : Exception(reason);
