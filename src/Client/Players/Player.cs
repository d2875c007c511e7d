using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Client.Players;

/// <summary>How to start an external player: the program and its arguments, never a shell's line.</summary>
[JsonConverter(typeof(PlayerConverter))]
public sealed record Player
{
    /// <summary>Program and arguments; <c>{url}</c>, <c>{file}</c> and <c>{title}</c> are replaced. An address that no argument names is added after <c>--</c>.</summary>
    public required string[] Command { get; init; }

    /// <summary>Whether it draws in this terminal, so that a terminal UI must step aside.</summary>
    public bool Terminal { get; set; }

    /// <inheritdoc cref="Config.Unknown"/>
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
