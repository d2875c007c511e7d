using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StoriesCli.Contracts;

namespace StoriesCli.Server.Http;

/// <summary>Compares a request's JSON with what the route takes, and names every field that is unknown, given twice or of another type, with what was seen.</summary>
internal static class JsonShape
{
    /// <summary>The fields that an empty text means something for.</summary>
    public static readonly IReadOnlyDictionary<(Type Body, string Field), string> EmptyMeanings = new Dictionary<(Type, string), string>
    {
        [(typeof(StoryEdit), "caption")] = "takes the caption away",
        [(typeof(ProfileChange), "displayName")] = "shows the handle again",
    };

    public static void Check(JsonElement element, JsonTypeInfo type, ValidationErrors faults) => Check(element, type, "", faults);

    private static void Check(JsonElement element, JsonTypeInfo type, string path, ValidationErrors faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path.Length == 0 ? "body" : path, $"must be an object, was {Describe(element)}");
            return;
        }
        // Counted before any name is made: a body of nothing but members would be many of them.
        if (element.GetPropertyCount() is var members && members > Limits.Fields)
        {
            faults.Add(path.Length == 0 ? "body" : path, $"at most {Limits.Fields} members, was given {members:N0}");
            return;
        }
        foreach (var given in element.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal))
        {
            var field = path.Length == 0 ? given.Key : $"{path}.{given.Key}";
            if (type.Properties.FirstOrDefault(p => p.Name == given.Key) is not { } known)
            {
                var names = type.Properties.Count == 0 ? "no fields" : string.Join(", ", type.Properties.Select(p => p.Name));
                faults.Add(field, $"unknown: {(path.Length == 0 ? "this route" : path)} takes {names}");
            }
            else if (given.Count() is > 1 and var count)
            {
                faults.Add(field, $"may be given once, was given {count} times");
            }
            else
            {
                CheckValue(given.First().Value, known.PropertyType, type, field, faults);
                if (
                    given.First().Value is { ValueKind: JsonValueKind.String } text
                    && string.IsNullOrWhiteSpace(text.GetString())
                    && !EmptyMeanings.ContainsKey((type.Type, given.Key))
                )
                {
                    faults.Add(field, ValidationErrors.Empty);
                }
            }
        }
    }

    private static void CheckValue(JsonElement value, Type type, JsonTypeInfo parent, string field, ValidationErrors faults)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            // No request has a field that must not be null: the rules say what is missing.
            return;
        }
        if (type == typeof(string[]) && value.ValueKind == JsonValueKind.Array)
        {
            if (value.GetArrayLength() is var items && items > Limits.ListItems)
            {
                faults.Add(field, $"at most {Limits.ListItems:N0} items, was given {items:N0}");
                return;
            }
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                CheckValue(item, typeof(string), parent, $"{field}[{i}]", faults);
                if (item.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(item.GetString()))
                {
                    faults.Add($"{field}[{i}]", ValidationErrors.Empty);
                }
            }
        }
        else if (Expected(Nullable.GetUnderlyingType(type) ?? type, value) is { } expected)
        {
            faults.Add(field, $"must be {expected}, was {Describe(value)}");
        }
        else if (
            type.IsClass
            && type != typeof(string)
            && parent.Options.TryGetTypeInfo(type, out var nested)
            && nested.Kind == JsonTypeInfoKind.Object
        )
        {
            Check(value, nested, field, faults);
        }
    }

    /// <returns>Null when the value is of the type.</returns>
    private static string? Expected(Type type, JsonElement value) =>
        type == typeof(string) ? (value.ValueKind == JsonValueKind.String ? null : "a text")
        : type == typeof(string[]) ? (value.ValueKind == JsonValueKind.Array ? null : "a list of texts")
        : type == typeof(bool) ? (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "true or false")
        : type == typeof(int)
            ? (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _) ? null : "a whole number of at most 32 bits")
        : type == typeof(long)
            ? (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null : "a whole number of at most 64 bits")
        : type == typeof(DateTimeOffset)
            ? (
                value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _) && HasOffset(value.GetString()!)
                    ? null
                    : "a time of RFC 3339, such as 2026-11-22T18:00:00Z"
            )
        : null;

    private static string Describe(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"the text {Excerpt.Of(value.GetRawText())}",
            JsonValueKind.Null => "null",
            _ => Excerpt.Of(value.GetRawText()),
        };

    /// <summary>A time without an offset would be read as UTC, which its author seldom means.</summary>
    public static bool HasOffset(string time) => time is [.., 'Z' or 'z'] or [.., '+' or '-', _, _, ':', _, _];
}
