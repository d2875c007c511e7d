using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Client.Players;

/// <summary>Reads a player as an array of program and arguments, or as an object.</summary>
public sealed class PlayerConverter : JsonConverter<Player>
{
    private const string Shape =
        """a player is written ["mpv", "--fs", "{url}"], or { "command": ["mpv", "--vo=tct", "{url}"], "terminal": true }""";

    internal static readonly string[] Names = ["command", "terminal"];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">It is neither, or has no program.</exception>
    public override Player Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return new() { Command = ReadCommand(ref reader) };
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ConfigException(Shape);
        }
        string[]? command = null;
        var terminal = false;
        Dictionary<string, JsonElement>? unknown = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "command":
                    command = ReadCommand(ref reader);
                    break;
                case "terminal" when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                    terminal = reader.GetBoolean();
                    break;
                default:
                    (unknown ??= [])[name] = JsonElement.ParseValue(ref reader);
                    break;
            }
        }
        // A misspelt "command" is reported with the other unknown keys.
        return new()
        {
            Command = command ?? (unknown is null ? throw new ConfigException(Shape) : []),
            Terminal = terminal,
            Unknown = unknown,
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Player value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteStartArray("command");
        foreach (var word in value.Command)
        {
            writer.WriteStringValue(word);
        }
        writer.WriteEndArray();
        if (value.Terminal)
        {
            writer.WriteBoolean("terminal", true);
        }
        foreach (var (name, element) in value.Unknown ?? [])
        {
            writer.WritePropertyName(name);
            element.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static string[] ReadCommand(ref Utf8JsonReader reader)
    {
        var words = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new ConfigException(Shape);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            words.Add(reader.GetString()!);
        }
        return reader.TokenType == JsonTokenType.EndArray && words is [{ Length: > 0 }, ..] ? [.. words] : throw new ConfigException(Shape);
    }
}
