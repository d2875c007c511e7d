using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>
/// Checks values against the part of JSON Schema that the server's document uses. Any other keyword is a failure.
/// In one point it is stricter than the schema: an undescribed field is a fault, although clients must ignore it.
/// </summary>
internal sealed partial class SchemaCheck(JsonElement document)
{
    private static readonly string[] Words = ["description", "default", "contentMediaType", "contentSchema", "example"];

    public IEnumerable<string> Faults(JsonElement schema, JsonElement value) => Faults(schema, value, "$", isClosed: true);

    /// <summary>Follows a reference within the document.</summary>
    public JsonElement Resolve(JsonElement node) =>
        node.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name))
            : node;

    private IEnumerable<string> Faults(JsonElement schema, JsonElement value, string at, bool isClosed)
    {
        var refers = schema.TryGetProperty("$ref", out _);
        return schema
            .EnumerateObject()
            .SelectMany(keyword =>
                keyword.Name switch
                {
                    "$ref" => Faults(Resolve(schema), value, at, isClosed),
                    "type" => Types(keyword.Value).Any(type => Is(type, value))
                        ? []
                        : [$"{at}: {value.ValueKind}, where {keyword.Value} was expected"],
                    "properties" => Properties(keyword.Value, value, at),
                    "required" => keyword
                        .Value.EnumerateArray()
                        .Where(name => value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(name.GetString()!, out _))
                        .Select(name => $"{at}: lacks {name}"),
                    "additionalProperties" => [],
                    "items" => value.ValueKind != JsonValueKind.Array
                        ? []
                        : value.EnumerateArray().SelectMany((item, i) => Faults(keyword.Value, item, $"{at}[{i}]", isClosed: true)),
                    "anyOf" or "oneOf" => Any(keyword.Value, value, at),
                    "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value))
                        ? []
                        : [$"{at}: {value}, where one of {keyword.Value} was expected"],
                    "const" => JsonElement.DeepEquals(keyword.Value, value) ? [] : [$"{at}: {value}, where {keyword.Value} was expected"],
                    "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!)
                        ? []
                        : [$"{at}: {value} is not {keyword.Value}"],
                    "minimum" => value.GetDecimal() >= keyword.Value.GetDecimal() ? [] : [$"{at}: {value}, at least {keyword.Value}"],
                    "maximum" => value.GetDecimal() <= keyword.Value.GetDecimal() ? [] : [$"{at}: {value}, at most {keyword.Value}"],
                    "maxItems" => value.GetArrayLength() <= keyword.Value.GetInt32()
                        ? []
                        : [$"{at}: {value.GetArrayLength()} items, at most {keyword.Value}"],
                    "format" => HasFormat(keyword.Value.GetString()!, value) ? [] : [$"{at}: {value} is no {keyword.Value}"],
                    var other => Words.Contains(other) ? [] : throw new NotSupportedException($"{at}: the keyword {other} is not checked"),
                }
            )
            .Concat(isClosed && !refers ? Unknown(schema, value, at) : []);
    }

    private IEnumerable<string> Properties(JsonElement properties, JsonElement value, string at) =>
        value.ValueKind != JsonValueKind.Object
            ? []
            : properties
                .EnumerateObject()
                .SelectMany(property =>
                    value.TryGetProperty(property.Name, out var field)
                        ? Faults(property.Value, field, $"{at}.{property.Name}", isClosed: true)
                        : []
                );

    private IEnumerable<string> Unknown(JsonElement schema, JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Object || !(schema.TryGetProperty("type", out var type) && Types(type).Contains("object")))
        {
            return [];
        }
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(property => property.Name).ToHashSet()
            : [];
        var others = value.EnumerateObject().Where(field => !known.Contains(field.Name));
        // An object without described fields, such as another document, may have any field.
        return schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.Object
                ? others.SelectMany(field => Faults(more, field.Value, $"{at}.{field.Name}", isClosed: true))
            : known.Count == 0 ? []
            : others.Select(field => $"{at}: {field.Name} is not described");
    }

    private string[] Any(JsonElement several, JsonElement value, string at)
    {
        var faults = several.EnumerateArray().Select(one => Faults(one, value, at, isClosed: true).ToArray()).ToArray();
        return faults.Any(of => of.Length == 0)
            ? []
            : [$"{at} is none of {faults.Length}: {string.Join("; ", faults.SelectMany(of => of))}"];
    }

    private static string[] Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private static bool Is(string type, JsonElement value) =>
        type switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            _ => throw new NotSupportedException($"the type {type} is not checked"),
        };

    private static bool HasFormat(string format, JsonElement value) =>
        value.ValueKind != JsonValueKind.String
        || format switch
        {
            "date-time" => Time().IsMatch(value.GetString()!)
                && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
            "uri" => Uri.TryCreate(value.GetString(), UriKind.Absolute, out _),
            _ => throw new NotSupportedException($"the format {format} is not checked"),
        };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Time();
}
