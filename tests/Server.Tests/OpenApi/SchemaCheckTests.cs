using System.Text.Json;

namespace StoriesCli.Server.Tests.OpenApi;

/// <summary>The check of responses against the document finds what is wrong with them.</summary>
public sealed class SchemaCheckTests
{
    private const string Document = """
        {
          "components": { "schemas": {
            "Person": { "type": "object", "properties": { "handle": { "type": "string", "pattern": "^[a-z]+$" } }, "required": ["handle"] },
            "Story": {
              "type": "object",
              "properties": {
                "author": { "$ref": "#/components/schemas/Person" },
                "at": { "type": ["string", "null"], "format": "date-time" },
                "tags": { "type": "array", "maxItems": 2, "items": { "type": "string" } },
                "by": { "type": "object", "additionalProperties": { "type": "integer" } },
                "answer": { "anyOf": [{ "$ref": "#/components/schemas/Person" }, { "type": "null" }] },
                "status": { "enum": ["passed", "failed"] }
              },
              "required": ["author"]
            }
          } }
        }
        """;

    [Theory]
    [InlineData("""{ "author": { "handle": "ana" } }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "at": null, "tags": ["a"], "by": { "x": 1 }, "answer": null, "status": "passed" }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "at": "2026-11-22T18:00:00.000Z", "answer": { "handle": "bob" } }""")]
    public void What_is_as_described_has_no_fault(string value) => Faults(value).Should().BeEmpty();

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""[]""")]
    [InlineData("""{ "author": null }""")]
    [InlineData("""{ "author": { "handle": "Ana" } }""")]
    [InlineData("""{ "author": { "handle": "ana", "age": 7 } }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "colour": "red" }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "at": "2026-11-22T18:00:00Z" }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "tags": ["a", "b", "c"] }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "tags": [1] }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "by": { "x": "1" } }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "answer": {} }""")]
    [InlineData("""{ "author": { "handle": "ana" }, "status": "red" }""")]
    public void What_is_otherwise_is_a_fault(string value) => Faults(value).Should().NotBeEmpty();

    private static IEnumerable<string> Faults(string value)
    {
        var document = JsonDocument.Parse(Document).RootElement;
        return new SchemaCheck(document).Faults(
            document.GetProperty("components").GetProperty("schemas").GetProperty("Story"),
            JsonDocument.Parse(value).RootElement
        );
    }
}
