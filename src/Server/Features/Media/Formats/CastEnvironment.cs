using System.Buffers;
using System.Text.Json;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Removes environment variables from an asciicast's header. A recorder can write any of them there; a player needs only shell and terminal.</summary>
internal static class CastEnvironment
{
    private static readonly string[] Kept = ["SHELL", "TERM"];

    public static void Find(FileBytes file, FileEdits edits)
    {
        var begin = Cast.Start(file);
        edits.Remove(0, begin);
        var first = file.ReadUpTo(begin, FileBytes.WindowBytes);
        var header = first.IndexOf((byte)'\n') is >= 0 and var end ? first[..end] : first;
        // The file was inspected, so the header is a complete object.
        var reader = new Utf8JsonReader(header);
        reader.Read();
        var found = new List<(long Offset, long Bytes, byte[] Instead)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEnvironment = reader.ValueTextEquals("env"u8);
            reader.Read();
            var start = reader.TokenStartIndex;
            if (isEnvironment)
            {
                using var value = JsonDocument.ParseValue(ref reader);
                var bytes = reader.BytesConsumed - start;
                if (Instead(value.RootElement) is { } instead && instead.Length < bytes)
                    found.Add((begin + start, bytes, instead));
            }
            else
                reader.Skip();
        }
        foreach (var (offset, bytes, instead) in found)
            edits.Replace(offset, bytes, instead);
    }

    /// <returns>Null when nothing must be removed.</returns>
    private static byte[]? Instead(JsonElement environment)
    {
        if (environment.ValueKind != JsonValueKind.Object)
            return environment.ValueKind == JsonValueKind.Null ? null : "{}"u8.ToArray();
        if (environment.EnumerateObject().All(variable => Kept.Contains(variable.Name)))
            return null;
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write("{"u8);
        foreach (
            var variable in environment
                .EnumerateObject()
                .Where(variable => Kept.Contains(variable.Name) && variable.Value.ValueKind == JsonValueKind.String)
        )
        {
            if (bytes.WrittenCount > 1)
                bytes.Write(","u8);
            // As written, so that it cannot become longer.
            bytes.Write(System.Text.Encoding.UTF8.GetBytes($"\"{variable.Name}\":{variable.Value.GetRawText()}"));
        }
        bytes.Write("}"u8);
        return bytes.WrittenSpan.ToArray();
    }
}
