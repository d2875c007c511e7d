using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StoriesCli.Client.Api;

/// <summary>Keeps the server's JSON for each value that was read, because a newer server may send more properties than this version knows.</summary>
public sealed class ReceivedJson
{
    // By identity: equal stories may differ in unknown properties.
    private readonly ConditionalWeakTable<object, object> _elements = [];

    /// <summary>The JSON that a value was read from.</summary>
    /// <exception cref="InvalidOperationException">The client that read it does not keep JSON.</exception>
    public JsonElement Of(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _elements.TryGetValue(value, out var element)
            ? (JsonElement)element
            : throw new InvalidOperationException("No JSON was kept for this value.");
    }

    internal void Keep(object value, JsonElement element) => _elements.AddOrUpdate(value, element);

    internal void KeepItems<T>(object page, IEnumerable<T> items)
        where T : class
    {
        foreach (var (item, element) in items.Zip(Of(page).GetProperty("items").EnumerateArray()))
        {
            Keep(item, element);
        }
    }

    /// <summary>Keeps several pages of a list as one document, with the other properties of the last page.</summary>
    internal void KeepMerged(object whole, IReadOnlyList<object> pages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in Of(pages[^1]).EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (property.Name != "items")
                {
                    property.Value.WriteTo(writer);
                    continue;
                }
                writer.WriteStartArray();
                foreach (var item in pages.SelectMany(page => Of(page).GetProperty("items").EnumerateArray()))
                {
                    item.WriteTo(writer);
                }
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        using var merged = JsonDocument.Parse(buffer.WrittenMemory);
        Keep(whole, merged.RootElement.Clone());
    }
}
