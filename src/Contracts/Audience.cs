using System.Text.Json;
using System.Text.Json.Serialization;

namespace StoriesCli.Contracts;

/// <summary>Who may see a story: <c>"team"</c>, <c>"selected"</c>, or for its author the array of names.</summary>
/// <param name="Word"><c>team</c> or <c>selected</c>.</param>
/// <param name="Names">Handles; null unless the caller is the author and the audience is selected.</param>
[JsonConverter(typeof(AudienceConverter))]
public sealed record Audience(string Word, string[]? Names = null)
{
    /// <summary>Everyone who is a member when they look.</summary>
    public static readonly Audience Team = new("team");

    /// <summary>Some people. Only the author sees their names.</summary>
    public static readonly Audience Selected = new("selected");

    /// <summary>Some people, as the author sees them.</summary>
    public static Audience Of(params string[] names) => new("selected", names);
}

/// <summary>Writes an audience as a word or an array of names.</summary>
public sealed class AudienceConverter : JsonConverter<Audience>
{
    /// <inheritdoc/>
    public override Audience Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new(reader.GetString()!);
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an audience is a word or an array of names");
        }
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            names.Add(reader.GetString()!);
        }
        return Audience.Of([.. names]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Audience value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Names is null)
        {
            writer.WriteStringValue(value.Word);
            return;
        }
        writer.WriteStartArray();
        foreach (var name in value.Names)
        {
            writer.WriteStringValue(name);
        }
        writer.WriteEndArray();
    }
}
