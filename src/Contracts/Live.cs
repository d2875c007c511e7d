using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>A live terminal to begin: the JSON body of <c>POST /v1/live</c>. Text, comparison and subtitles do not go with it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewLive : NewStory
{
    /// <summary>Columns of the terminal, 1 to <see cref="Limits.LiveColumns"/>.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of the terminal, 1 to <see cref="Limits.LiveRows"/>.</summary>
    public int? Height { get; init; }

    /// <summary>How long the sender holds output back, such as <c>2s</c> (default: nothing; at most <see cref="Limits.LiveDelayMaximum"/>). Viewers are told.</summary>
    public string? Delay { get; init; }
}

/// <summary>The end of a live terminal, the JSON body of <c>POST /v1/live/{id}/end</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LiveEnd
{
    /// <summary>Exit code of the command, 0–255. Zero means that it passed.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>What a viewer of a live terminal gets: the values of <see cref="LiveEvent.Type"/>. A newer server may send others.</summary>
public static class LiveEventTypes
{
    /// <summary>The whole screen as it is: first, and again for a viewer that fell behind.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>Output of the terminal.</summary>
    public const string Output = "output";

    /// <summary>The terminal has another size.</summary>
    public const string Resize = "resize";

    /// <summary>The command has ended, and the story is a recording. Nothing follows.</summary>
    public const string End = "end";
}

/// <summary>One event of a live terminal, the <c>data</c> of the stream <c>GET /v1/stories/{id}/live</c>.</summary>
public sealed record LiveEvent
{
    /// <summary>One of <see cref="LiveEventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Columns of the terminal, in a snapshot and a resize.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Width { get; init; }

    /// <summary>Rows of the terminal, in a snapshot and a resize.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Height { get; init; }

    /// <summary>How long the sender holds output back, in milliseconds. Only in a snapshot.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DelayMs { get; init; }

    /// <summary>What to write to a terminal of this size: the new output, or in a snapshot what draws the screen from an empty one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Output { get; init; }
}
