using System.Text;
using System.Text.Json.Nodes;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>The table of routes in <c>docs/api.md</c>, between its two marks.</summary>
internal static class RouteTable
{
    private const string Begin = "<!-- The table of routes is rendered from the code. -->\n",
        End = "<!-- The end of the table. -->";

    /// <summary>Returns the page with a new table.</summary>
    public static string Renew(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return begin < Begin.Length || end < begin
            ? throw new InvalidOperationException($"docs/api.md lacks the marks {Begin.Trim()} and {End}")
            : page[..begin] + Render() + page[end..];
    }

    private static string Render()
    {
        var table = new StringBuilder();
        foreach (var (tag, words) in OpenApiWords.Tags)
        {
            var routes = Route.Documented.Where(route => route.About!.Tag == tag).GroupBy(route => (route.Path, route.About)).ToArray();
            if (routes.Length == 0)
            {
                continue;
            }
            table.Append(
                $"\n### {tag}\n{words}\n\n| route | does | takes | answers | errors of its own | scope |\n|---|---|---|---|---|---|\n"
            );
            foreach (var methods in routes)
            {
                var route = methods.First();
                table.Append(
                    $"| {string.Join(", ", methods.Select(m => $"`{m.Method}`"))} `{route.Path}` | {route.About!.Summary} | {Takes(route)} | {Answers(route.About)} | {Errors(route)} | {Scope(route)} |\n"
                );
            }
        }
        AppendParameters(table);
        AppendTypes(table);
        return table.Append('\n').ToString();
    }

    private static void AppendParameters(StringBuilder table)
    {
        table.Append(
            "\n### Parameters\nThese are the parameters of queries, and of the form with the same fields. Every list takes `limit` (1 to 200, default: 50) and `cursor` (the `nextCursor` of the previous page).\n"
        );
        foreach (var route in Route.Documented.DistinctBy(route => route.About))
        {
            var names = route.Query.Where(name => name is not ("limit" or "cursor")).ToArray();
            if (names.Length == 0)
            {
                continue;
            }
            table.Append($"\n`{route.Method}` `{route.Path}`\n\n| parameter | meaning | example |\n|---|---|---|\n");
            foreach (var name in names)
            {
                var parameter = Parameter.Get(route.Id, name);
                table.Append(
                    $"| `{name}`{(parameter.IsList ? ", repeated" : "")} | {parameter.Meaning} | {string.Join(' ', parameter.Example is JsonArray several ? several.Select(Code) : [Code(parameter.Example)])} |\n"
                );
            }
        }
    }

    private static void AppendTypes(StringBuilder table)
    {
        table.Append(
            "\n### Types\nAnswers have all of these fields, except those marked \"may be missing\". A field without a value is null. In requests, a field that is null or missing keeps its value or gets its default.\n"
        );
        foreach (var (name, schema) in OpenApiDocument.Types().Where(type => type.Value!["properties"] is not null))
        {
            table.Append($"\n**{name}** — {schema!["description"]}\n\n| field | type | meaning |\n|---|---|---|\n");
            var required = schema["required"]?.AsArray().Select(field => field!.GetValue<string>()).ToHashSet() ?? [];
            var isRequest = schema["additionalProperties"] is JsonValue;
            foreach (var (field, type) in schema["properties"]!.AsObject())
            {
                var missing = isRequest
                    ? required.Contains(field)
                        ? ", required"
                        : ""
                    : required.Contains(field)
                        ? ""
                        : ", may be missing";
                table.Append($"| `{field}` | {TypeOf(type!)}{missing} | {type!["description"]} |\n");
            }
        }
    }

    private static string Code(JsonNode? value) => $"`{value}`";

    private static string TypeOf(JsonNode schema) =>
        schema["$ref"]?.GetValue<string>() is { } reference ? reference[(reference.LastIndexOf('/') + 1)..]
        : (schema["anyOf"] ?? schema["oneOf"])?.AsArray() is { } several ? string.Join(" or ", several.Select(one => TypeOf(one!)))
        : schema["type"] is JsonArray types ? string.Join(" or ", types.Select(type => Named(schema, type!.GetValue<string>())))
        : Named(schema, schema["type"]!.GetValue<string>());

    private static string Named(JsonNode schema, string type) =>
        type switch
        {
            "array" => $"list of {TypeOf(schema["items"]!)}",
            "object" => $"{TypeOf(schema["additionalProperties"]!)} by name",
            "string" when schema["format"]?.GetValue<string>() == "date-time" => "time",
            _ => type,
        };

    private static string Takes(Route route)
    {
        var about = route.About!;
        var query =
            route.Query.Length == 0 ? ""
            : about.TakesFile ? "the fields of a story"
            : "`?" + string.Join("` `", route.Query) + "`";
        var body =
            about.TakesFile ? "a file, a form or `NewStory`"
            : about.TakesEvents ? "events of asciicast v3"
            : about.Body is { } type ? $"`{Schemas.NameOf(type)}`{(about.BodyOptional ? " or nothing" : "")}"
            : "";
        var headers = string.Join(", ", about.Headers.Concat(about.Repeatable ? [IdempotencyKey.Header] : []).Select(name => $"`{name}`"));
        return string.Join("; ", new[] { query, body, headers }.Where(text => text.Length > 0));
    }

    private static string Answers(RouteDocs about) =>
        string.Join(
            ", ",
            about.Answers.Select(answer =>
                $"{answer.Status}{(answer.Json.Length > 0 ? " " + string.Join(" or ", answer.Json.Select(type => $"`{Schemas.NameOf(type)}`")) : answer.Media switch { [] => "", [var one] => $" `{one}`", _ => " the bytes" })}{string.Concat(answer.Otherwise.Select(type => $" or `{type}`"))}"
            )
        );

    /// <summary>Errors that not every route of its kind has.</summary>
    private static string Errors(Route route) => string.Join(", ", route.About!.Refusals.Select(error => $"`{error.Code}`"));

    private static string Scope(Route route) =>
        route.IsOpen ? "none" : route.NeedsInWords() + (route.IsForAdmins ? ", as owner or admin" : "");
}
