using System.Text.Json;

namespace StoriesCli.Contracts;

/// <summary>Tells terminal recordings from other text by how they begin.</summary>
public static class Asciicast
{
    /// <summary>What is said of a recording of version 1, which is one JSON document and cannot be played as it comes.</summary>
    public const string Version1 = "an asciicast v1 recording; convert it first: asciinema convert OLD.json NEW.cast";

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>3 where the bytes begin with the mark of UTF-8, which some editors write; else 0.</summary>
    public static int MarkBytes(ReadOnlySpan<byte> head) => head.StartsWith(Mark) ? Mark.Length : 0;

    /// <summary>The version that a recording's header states, such as 1, 2 or 3. 0 when the bytes begin something else.</summary>
    /// <param name="head">The first bytes of a file: 4,096 are enough.</param>
    public static int VersionOf(ReadOnlySpan<byte> head)
    {
        head = head[MarkBytes(head)..];
        if (!head.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            return 0;
        }
        var version = 0;
        bool hasSize = false,
            hasOutput = false,
            isCut = true;
        var reader = new Utf8JsonReader(head, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                {
                    isCut = false;
                    break;
                }
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }
                hasSize |= reader.ValueTextEquals("width") || reader.ValueTextEquals("height") || reader.ValueTextEquals("term");
                hasOutput |= reader.ValueTextEquals("stdout");
                if (
                    reader.ValueTextEquals("version")
                    && reader.Read()
                    && reader.TokenType == JsonTokenType.Number
                    && reader.TryGetInt32(out var stated)
                )
                {
                    version = stated;
                }
            }
        }
        catch (JsonException)
        {
            // A text that begins like JSON.
            isCut = false;
        }
        return version == 1
            ? hasSize && (hasOutput || isCut)
                ? 1
                : 0
            : version > 1 && (hasSize || isCut)
                ? version
                : 0;
    }
}
