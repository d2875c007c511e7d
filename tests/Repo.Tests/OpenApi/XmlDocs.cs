using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using StoriesCli.Contracts;

namespace StoriesCli.Repo.Tests.OpenApi;

/// <summary>The comments of the wire types, as Markdown.</summary>
internal static partial class XmlDocs
{
    private static readonly Assembly Contracts = typeof(Story).Assembly;

    private static readonly Dictionary<string, XElement> Members = XDocument
        .Load(Path.ChangeExtension(Contracts.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    public static string Of(Type type) => Of($"T:{(type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName}");

    public static string Of(MemberInfo property)
    {
        var type = property.DeclaringType!;
        return Of($"P:{(type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName}.{property.Name}");
    }

    private static string Of(string id)
    {
        var member = Members.GetValueOrDefault(id) ?? throw new InvalidOperationException($"{id} has no comment");
        return member.Element("inheritdoc")?.Attribute("cref") is { } other
            ? Of(other.Value)
            : Spaces().Replace(string.Concat(member.Element("summary")!.Nodes().Select(Text)), " ").Trim();
    }

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => Reference(see.Attribute("cref")!.Value),
            _ => throw new InvalidOperationException($"a comment of the wire types has {node}"),
        };

    /// <summary>API readers do not know names of the code: a constant becomes its value, a class of constants its values.</summary>
    private static string Reference(string id)
    {
        var name = id[2..];
        if (id[0] == 'T')
        {
            var values =
                Contracts
                    .GetType(name)
                    ?.GetFields(BindingFlags.Public | BindingFlags.Static)
                    .Where(field => field.IsLiteral)
                    .Select(field => $"`{field.GetRawConstantValue()}`")
                    .ToArray()
                ?? [];
            return name == typeof(Errors).FullName ? "the codes of errors"
                : values.Length > 0 ? string.Join(", ", values)
                : $"`{name[(name.LastIndexOf('.') + 1)..]}`";
        }
        var (type, member) = (name[..name.LastIndexOf('.')], name[(name.LastIndexOf('.') + 1)..]);
        return Contracts.GetType(type)?.GetField(member)?.GetValue(null) switch
        {
            string text => $"`{text}`",
            IEnumerable<string> texts => string.Join(' ', texts),
            TimeSpan duration => Durations.Format(duration),
            IFormattable number => number.ToString("N0", CultureInfo.InvariantCulture),
            _ => $"`{JsonNamingPolicy.CamelCase.ConvertName(member)}`",
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
