namespace StoriesCli.Server.Features.Media;

/// <summary>What a file's own bytes say about it.</summary>
/// <param name="Kind">One of <see cref="Contracts.StoryKinds"/>.</param>
/// <param name="Type">Media type, one of <see cref="MediaTypes"/>.</param>
/// <param name="Width">Width in pixels when shown upright; columns of a recording.</param>
/// <param name="Height">Height in pixels when shown upright; rows of a recording.</param>
/// <param name="DurationMs">Duration in milliseconds; null when it has none, or its container does not state it.</param>
/// <param name="Frames">Number of frames, more than one for an animation.</param>
internal sealed record MediaFacts(string Kind, string Type, int? Width = null, int? Height = null, long? DurationMs = null, long Frames = 1)
{
    /// <summary>Media type that was received, if this server converted it; otherwise null.</summary>
    public string? ConvertedFrom { get; init; }
}

/// <summary>What a file can still be, by its first bytes. Decides which size limit applies while the rest arrives.</summary>
/// <param name="Kind">One of <see cref="Contracts.StoryKinds"/>.</param>
internal sealed record MediaGuess(string Kind);

/// <summary>The bytes are of no accepted type, or are broken. The message says what was seen.</summary>
internal sealed class MediaRefusedException(string reason) : Exception(reason);

/// <summary>The file is of an accepted type and exceeds one of its limits. The message gives both numbers.</summary>
internal sealed class MediaTooLargeException(string reason) : Exception(reason);
