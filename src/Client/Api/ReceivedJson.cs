using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StoriesCli.Client.Api;

/// <summary>What the server wrote for each value that was read from it: a newer server says more than this version has names for.</summary>
public sealed class ReceivedJson
{
    // By identity: two stories that are equal to us may differ in what we do not know.
    private readonly ConditionalWeakTable<object, object> _elements = [];

    /// <summary>The JSON that a value was read from.</summary>
    /// <exception cref="InvalidOperationException">It was not read by a client that keeps what it receives.</exception>
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

    /// <summary>Keeps several pages of one list as if they had come as one: what stands beside the items is the last page's.</summary>
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
