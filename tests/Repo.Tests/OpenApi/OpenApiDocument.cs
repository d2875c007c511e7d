using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>Renders <c>docs/openapi.json</c>, which the server serves at <c>/openapi/v1.json</c>.</summary>
internal sealed class OpenApiDocument
{
    private const string Json = "application/json",
        Problem = "application/problem+json",
        Form = "multipart/form-data";
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Schemas _schemas = new();
    private readonly SortedDictionary<string, JsonNode?> _responses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode?> _examples = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode?> _headers = new(StringComparer.Ordinal);

    public static string Render() => new OpenApiDocument().Whole().ToJsonString(Indented) + "\n";

    /// <summary>All wire types that routes take or answer, by name.</summary>
    public static JsonObject Types() => new OpenApiDocument().Whole()["components"]!["schemas"]!.AsObject();

    private JsonObject Whole()
    {
        var paths = new JsonObject();
        foreach (var path in Route.Documented.GroupBy(route => route.Path).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            paths[path.Key] = new JsonObject(
                path.Select(route => KeyValuePair.Create<string, JsonNode?>(route.Method.ToLowerInvariant(), Operation(route)))
            );
        }
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "stories-server",
                // The version of this interface, which changes when the interface does.
                ["version"] = "0.1.0",
                ["summary"] = "Stories for small teams, on one box of your own.",
                ["description"] = OpenApiWords.About,
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The server that this document comes from." }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["tags"] = new JsonArray([
                .. OpenApiWords.Tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Words }),
            ]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = OpenApiWords.SecuritySchemes(),
                ["schemas"] = _schemas.Components,
                ["responses"] = new JsonObject(_responses),
                ["headers"] = new JsonObject(_headers),
                ["examples"] = new JsonObject(_examples),
            },
        };
    }

    private JsonObject Operation(Route route)
    {
        var about = route.About!;
        var operation = new JsonObject
        {
            ["operationId"] = route.Id,
            ["summary"] = about.Summary + ".",
            ["tags"] = new JsonArray(about.Tag),
            ["description"] = string.Join(
                ' ',
                new[]
                {
                    about.Details,
                    route.IsOpen
                        ? "Needs no token."
                        : $"Needs a token with {route.NeedsInWords()}{(route.IsForAdmins ? ", of an owner or admin" : "")}.",
                }.OfType<string>()
            ),
            ["security"] = Security(route),
        };
        if (Parameters(route) is { Length: > 0 } parameters)
        {
            operation["parameters"] = new JsonArray(parameters);
        }
        if (route.TakesBody)
        {
            operation["requestBody"] = new JsonObject { ["required"] = !about.BodyOptional, ["content"] = Bodies(route) };
        }
        // An operation with nothing else to show gets a curl command as its example.
        if (
            !route.TakesBody
            && (route.Method == "HEAD" || !about.Answers.SelectMany(answer => answer.Media).Any(IsText))
            && about.Answers.All(answer => answer.Json is [] || route.Method == "HEAD")
            && !operation.ContainsKey("parameters")
        )
        {
            var method = route.Method switch
            {
                "GET" => "",
                "HEAD" => "--head ",
                var other => $"-X {other} ",
            };
            var output = about.Answers.Any(answer => answer.Media.Length > 0) && route.Method != "HEAD" ? "-OJ " : "";
            operation["x-codeSamples"] = new JsonArray(
                new JsonObject
                {
                    ["lang"] = "Shell",
                    ["source"] =
                        $"curl {method}{output}{(route.IsOpen ? "" : "-H \"Authorization: Bearer $STORIES_TOKEN\" ")}\"$STORIES_URL{route.Path}\"",
                }
            );
        }
        var responses = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var answer in about.Answers)
        {
            responses[$"{answer.Status}"] = Success(route, answer);
        }
        foreach (var refusals in route.Refusals().GroupBy(error => error.Status))
        {
            responses[$"{refusals.Key}"] =
                route.Method == "HEAD" ? new JsonObject { ["description"] = Words([.. refusals]) } : Refusal([.. refusals]);
        }
        operation["responses"] = new JsonObject(responses);
        return operation;
    }

    private static bool IsText(string type) => type == Json || type.StartsWith("text/", StringComparison.Ordinal);

    private static JsonArray Security(Route route)
    {
        var ways = route
            .Scopes.Select(scope => new JsonObject
            {
                ["token"] = new JsonArray([.. new[] { scope }.Concat(route.IsWrite ? [Scopes.Post] : []).Select(s => JsonValue.Create(s))]),
            })
            .ToList();
        if (route.Credential == QueryCredential.SignedLink)
        {
            ways.Add(new() { ["signedLink"] = new JsonArray() });
        }
        if (route.Credential == QueryCredential.FeedKey)
        {
            ways.Add(new() { ["feedKey"] = new JsonArray() });
        }
        return new([.. ways]);
    }

    private static JsonObject[] Parameters(Route route)
    {
        var inPath = route
            .Path.Split('/')
            .Where(part => part.StartsWith('{'))
            .Select(part => Parameter(route, part.Trim('{', '}'), "path"));
        // The signed link and the feed key are ways to sign in: they stand under security.
        var inQuery = route.Query.Where(name => name != route.Credential?.Parameter).Select(name => Parameter(route, name, "query"));
        var headers = route
            .About!.Headers.Concat(route.About.Repeatable ? [IdempotencyKey.Header] : [])
            .Where(name => name != "Accept")
            .Select(name => Parameter(route, name, "header"));
        return [.. inPath, .. inQuery, .. headers];
    }

    private static JsonObject Parameter(Route route, string name, string place)
    {
        var parameter = OpenApi.Parameter.Get(route.Id, name);
        var written = new JsonObject
        {
            ["name"] = name,
            ["in"] = place,
            ["description"] = parameter.Meaning,
            ["schema"] = parameter.ToSchema(),
            ["example"] = parameter.Example.DeepClone(),
        };
        if (place == "path")
        {
            written["required"] = true;
        }
        return written;
    }

    private JsonObject Bodies(Route route)
    {
        var about = route.About!;
        var bodies = new JsonObject();
        if (about.TakesFile)
        {
            bodies["*/*"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "string",
                    ["format"] = "binary",
                    ["description"] = "The file itself. The server reads its type from the bytes.",
                },
            };
            bodies[Form] = FormOf(route);
        }
        if (about.TakesEvents)
        {
            bodies["*/*"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "Events of asciicast v3, a line each.",
                    ["example"] = "[0.25, \"o\", \"hello\\r\\n\"]\n",
                },
            };
        }
        if (about.Body is { } body)
        {
            bodies[Json] = new JsonObject
            {
                ["schema"] = _schemas.Reference(body),
                ["examples"] = new JsonObject { ["example"] = Example(Schemas.NameOf(body), Examples.OfRequest(body)) },
            };
        }
        return bodies;
    }

    /// <summary>A form has the fields of the query, and one file or the two compared files.</summary>
    private static JsonObject FormOf(Route route)
    {
        var properties = new JsonObject
        {
            ["file"] = new JsonObject
            {
                ["type"] = "string",
                ["format"] = "binary",
                ["description"] = "The file.",
            },
        };
        foreach (var part in new[] { StoryParts.Before, StoryParts.After })
        {
            properties[part] = new JsonObject
            {
                ["type"] = "string",
                ["format"] = "binary",
                ["description"] =
                    $"The picture {part}, with `compare`: JPEG, PNG, GIF or WebP, not animated, in the same size as the other.",
            };
        }
        properties["text"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "A text card, at most 64 KiB of UTF-8, instead of a file.",
        };
        foreach (var name in route.Query)
        {
            var parameter = OpenApi.Parameter.Get(route.Id, name);
            var schema = parameter.ToSchema();
            schema["description"] = parameter.Meaning;
            properties[name] = schema;
        }
        var ways = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("file") },
            new JsonObject { ["required"] = new JsonArray("compare", StoryParts.Before, StoryParts.After) },
            new JsonObject { ["required"] = new JsonArray("text") }
        );
        return new()
        {
            ["schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = properties,
                ["anyOf"] = ways,
                ["additionalProperties"] = false,
            },
            ["example"] = new JsonObject
            {
                ["file"] = "(the bytes)",
                ["caption"] = "The new desk",
                ["ttl"] = "6h",
                ["tag"] = new JsonArray("office"),
            },
        };
    }

    private JsonObject Success(Route route, ResponseDocs answer)
    {
        var response = new JsonObject { ["description"] = answer.What };
        if (answer.Headers.Length > 0)
        {
            response["headers"] = new JsonObject([
                .. answer.Headers.Select(name => KeyValuePair.Create<string, JsonNode?>(name, Header(route.Id, name))),
            ]);
        }
        if (route.Method == "HEAD" || answer is { Json: [], Media: [] })
        {
            return response;
        }
        var content = new JsonObject();
        foreach (var type in answer.Media is [] ? [Json] : answer.Media)
        {
            content[type] = Body(type, answer);
        }
        foreach (var type in answer.Otherwise)
        {
            content[type] = new JsonObject
            {
                ["schema"] = new JsonObject { ["type"] = "string" },
                ["example"] = OpenApiWords.Markdown,
            };
        }
        response["content"] = content;
        return response;
    }

    private JsonObject Body(string type, ResponseDocs answer)
    {
        if (answer.Json is [])
        {
            return type == Json
                    ? new()
                    {
                        ["schema"] = new JsonObject { ["type"] = "object" },
                        ["example"] = new JsonObject { ["openapi"] = "3.1.0" },
                    }
                : type.StartsWith("text/", StringComparison.Ordinal)
                    ? new()
                    {
                        ["schema"] = new JsonObject { ["type"] = "string" },
                        ["example"] = OpenApiWords.PlainText,
                    }
                : new()
                {
                    ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary" },
                };
        }
        if (type != Json)
        {
            // A stream of JSON pieces.
            return new()
            {
                ["schema"] = new JsonObject
                {
                    ["type"] = "string",
                    ["contentMediaType"] = Json,
                    ["contentSchema"] = _schemas.AnyOf(answer.Json),
                },
                ["example"] =
                    $"id: 5f2b9c71a0de-17\ndata: {Examples.Of(answer.Json[0]).ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}\n\n",
            };
        }
        return new()
        {
            ["schema"] = _schemas.AnyOf(answer.Json),
            ["examples"] = new JsonObject(
                answer.Json.Select(t =>
                    KeyValuePair.Create<string, JsonNode?>(Schemas.NameOf(t), Example(Schemas.NameOf(t), Examples.Of(t)))
                )
            ),
        };
    }

    /// <summary>A component for each set of errors that routes share.</summary>
    private JsonObject Refusal(ErrorCode[] errors)
    {
        var name = string.Join('.', errors.Select(error => error.Code));
        if (!_responses.ContainsKey(name))
        {
            var schema = _schemas.Reference(typeof(Problem));
            schema["properties"] = new JsonObject
            {
                ["status"] = new JsonObject { ["const"] = errors[0].Status },
                ["code"] = new JsonObject { ["enum"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error.Code))]) },
            };
            var response = new JsonObject { ["description"] = Words(errors) };
            if (HeadersOf(errors[0].Status) is { Length: > 0 } headers)
            {
                response["headers"] = new JsonObject([
                    .. headers.Select(header => KeyValuePair.Create<string, JsonNode?>(header, Header("", header))),
                ]);
            }
            response["content"] = new JsonObject
            {
                [Problem] = new JsonObject
                {
                    ["schema"] = schema,
                    ["examples"] = new JsonObject(
                        errors.Select(error => KeyValuePair.Create<string, JsonNode?>(error.Code, Example(error.Code, Examples.Of(error))))
                    ),
                },
            };
            _responses[name] = response;
        }
        return new() { ["$ref"] = $"#/components/responses/{name}" };
    }

    private static string[] HeadersOf(int status) =>
        status switch
        {
            401 => ["WWW-Authenticate"],
            416 => ["Content-Range"],
            429 or 503 => ["Retry-After"],
            _ => [],
        };

    private static string Words(ErrorCode[] errors) => string.Join(' ', errors.Select(error => $"`{error.Code}`: {error.Cause}"));

    private JsonObject Header(string operation, string name)
    {
        var header = OpenApi.Parameter.Get(operation, name);
        _headers.TryAdd(
            name,
            new JsonObject
            {
                ["description"] = header.Meaning,
                ["schema"] = header.ToSchema(),
                ["example"] = header.Example.DeepClone(),
            }
        );
        return new() { ["$ref"] = $"#/components/headers/{name}" };
    }

    private JsonObject Example(string name, JsonNode value)
    {
        _examples.TryAdd(name, new JsonObject { ["value"] = value });
        return new() { ["$ref"] = $"#/components/examples/{name}" };
    }
}
