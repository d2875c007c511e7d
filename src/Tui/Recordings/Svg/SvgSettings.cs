namespace StoriesCli.Tui.Recordings.Svg;

/// <summary>How a recording or a text card becomes an SVG.</summary>
public sealed record SvgSettings
{
    /// <summary>A light ground instead of a dark one.</summary>
    public bool IsLight { get; init; }

    /// <summary>Columns that are shown; null for all of a recording, and 80 for a text card.</summary>
    public int? Columns { get; init; }

    /// <summary>Longer pauses are cut to this; null for what the recording says, at most 2 seconds.</summary>
    public TimeSpan? IdleLimit { get; init; }

    /// <summary>Draw only the screen at this instant, after pauses were cut; null for an animation.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>What a screen reader says.</summary>
    public string? Title { get; init; }
}
