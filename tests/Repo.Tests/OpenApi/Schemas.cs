using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StoriesCli.Contracts;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>The wire types as JSON Schema, from the source-generated serializer and the comments. Each referenced type becomes a component.</summary>
internal sealed class Schemas
{
    /// <summary>Fields that a request must have although their type is nullable, so that the server can name the missing one itself.</summary>
    private static readonly Dictionary<Type, string[]> Demanded = new()
    {
        [typeof(CircleMembers)] = ["members"],
        [typeof(HighlightOrder)] = ["order"],
        [typeof(JoinRequest)] = ["code", "handle"],
        [typeof(LiveEnd)] = ["exitCode"],
        [typeof(NewLive)] = ["width", "height"],
        [typeof(NewQuestion)] = ["text"],
        [typeof(NewReaction)] = ["emoji"],
        [typeof(NewReply)] = ["text"],
        [typeof(NewPoll)] = ["question", "options"],
        [typeof(NewReport)] = ["reason"],
        [typeof(NewStory)] = ["text"],
        [typeof(NewToken)] = ["name"],
        [typeof(NewVote)] = ["option"],
    };

    /// <summary>Types that requests and answers share: a request may leave out any field.</summary>
    private static readonly Type[] AlsoAsked = [typeof(StorySource)];

    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);

    /// <summary>All referenced types, by name.</summary>
    public JsonObject Components => new(_components.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Key, c.Value.DeepClone())));

    public static string NameOf(Type type) =>
        type.IsGenericType ? type.GetGenericArguments()[0].Name + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;

    public JsonObject Reference(Type type)
    {
        var name = NameOf(type);
        if (!_components.ContainsKey(name))
        {
            _components[name] = new JsonObject();
            var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
            _components[name] = ContractsJson.Default.Options.GetJsonSchemaAsNode(type, options);
        }
        return new() { ["$ref"] = $"#/components/schemas/{name}" };
    }

    public JsonObject AnyOf(IReadOnlyList<Type> types) =>
        types.Count == 1 ? Reference(types[0]) : new() { ["anyOf"] = new JsonArray([.. types.Select(Reference)]) };

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var mayBeNull = context.PropertyInfo is { } p && (p.IsGetNullable || Nullable.GetUnderlyingType(p.PropertyType) is not null);
        JsonNode schema =
            type == typeof(DateTimeOffset) ? Time()
            : type == typeof(Audience) ? Audience()
            : context.TypeInfo.Kind != JsonTypeInfoKind.Object ? node
            : context.Path.IsEmpty ? Whole(context.TypeInfo, node.AsObject())
            : Reference(type);
        if (mayBeNull && schema != node)
        {
            schema = Nullable_(schema.AsObject());
        }
        if (context.PropertyInfo?.AttributeProvider is MemberInfo property)
        {
            schema["description"] = XmlDocs.Of(property);
        }
        return schema;
    }

    private static JsonObject Nullable_(JsonObject schema) =>
        schema["type"]?.GetValue<string>() is { } type
            ? With(schema, "type", new JsonArray(type, "null"))
            : new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    private static JsonObject Whole(JsonTypeInfo type, JsonObject schema)
    {
        schema["description"] = XmlDocs.Of(type.Type);
        var properties = schema["properties"]?.AsObject();
        schema.Remove("required");
        var demanded = Demanded.GetValueOrDefault(type.Type, []);
        foreach (var name in demanded)
        {
            // Null counts as missing, and the field is required.
            var property = properties![name]!.AsObject();
            property["type"] = property["type"]!.AsArray().Select(t => t!.GetValue<string>()).Single(t => t != "null");
        }
        // Answers have all fields.
        var required =
            type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow || AlsoAsked.Contains(type.Type)
                ? demanded
                : [.. type.Properties.Where(IsAlwaysWritten).Select(property => property.Name)];
        return required.Length == 0
            ? schema
            : With(schema, "required", new JsonArray([.. required.Select(name => JsonValue.Create(name))]));
    }

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false) is not [JsonIgnoreAttribute];

    private static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    private static JsonObject Audience() =>
        new()
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("team", "selected") },
                new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject { ["type"] = "string" },
                }
            ),
        };

    private static JsonObject With(JsonObject schema, string name, JsonNode value)
    {
        schema[name] = value;
        return schema;
    }
}
