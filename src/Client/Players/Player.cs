using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Client.Players;

/// <summary>An external player: program and arguments, never a shell command line.</summary>
[JsonConverter(typeof(PlayerConverter))]
public sealed record Player
{
    /// <summary>Program and arguments; <c>{url}</c>, <c>{file}</c> and <c>{title}</c> are replaced. A URL that no argument names is added after <c>--</c>.</summary>
    public required string[] Command { get; init; }

    /// <summary>Whether it draws in this terminal, so that the terminal UI must pause.</summary>
    public bool Terminal { get; set; }

    /// <inheritdoc cref="Config.Unknown"/>
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
