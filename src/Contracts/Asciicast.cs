using System.Text.Json;

namespace StoriesCli.Contracts;

/// <summary>Recognises terminal recordings by their first bytes.</summary>
public static class Asciicast
{
    /// <summary>Error text for a version 1 recording. It is one JSON document, so it cannot be played while it is read.</summary>
    public const string Version1 = "an asciicast v1 recording; convert it first: asciinema convert OLD.json NEW.cast";

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>3 when the bytes begin with a UTF-8 byte order mark, which some editors write; else 0.</summary>
    public static int MarkBytes(ReadOnlySpan<byte> head) => head.StartsWith(Mark) ? Mark.Length : 0;

    /// <summary>The version in the recording's header, such as 1, 2 or 3; 0 when the bytes are not a recording.</summary>
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
            // Text that only begins like JSON.
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
