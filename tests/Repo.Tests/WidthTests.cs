using System.Reflection;
using System.Runtime.CompilerServices;

namespace StoriesCli.Repo.Tests;

/// <summary>How much one type may be.</summary>
public sealed class WidthTests
{
    private const int MembersMaximum = 25,
        FilesMaximum = 3;

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_type_has_more_public_members_than_one_can_keep_in_mind()
    {
        var types = new[]
        {
            typeof(Server.Storage.Database).Assembly,
            typeof(Tui.TuiApp).Assembly,
            typeof(Client.Api.ApiClient).Assembly,
            // By its name, because its Program would be ambiguous beside the server's.
            Assembly.Load("stories"),
        }.SelectMany(assembly => assembly.GetTypes()).Where(type => !IsGenerated(type) && !IsTable(type)).ToArray();

        string.Join(
                '\n',
                types
                    .Select(type => (Name: type.FullName, Count: type.GetMembers(Declared).Count(Counts)))
                    .Where(type => type.Count > MembersMaximum)
                    .OrderByDescending(type => type.Count)
                    .Select(type => $"{type.Name} has {type.Count}")
            )
            .Should()
            .BeEmpty();
        types.Should().HaveCountGreaterThan(100);
    }

    [Fact]
    public void No_type_is_spread_over_more_than_three_files() =>
        string.Join(
                '\n',
                Repository
                    .In("src", "tests")
                    .SelectMany(source =>
                        source.PartialTypes.Distinct().Select(type => (Folder: Path.GetDirectoryName(source.Path), Type: type))
                    )
                    // Each folder may have a class for its log messages.
                    .Where(it => it.Type is not "Log")
                    .GroupBy(it => it.Type)
                    .Where(files => files.Count() > FilesMaximum)
                    .Select(files => $"{files.Key} stands in {files.Count()} files")
            )
            .Should()
            .BeEmpty();

    /// <summary>What is stored, or set by the host, is a table with a line for each column or option.</summary>
    private static bool IsTable(Type type) =>
        type.Name.EndsWith("Row", StringComparison.Ordinal) || type == typeof(Server.Hosting.ServerOptions);

    /// <summary>Constants are read as a table; what the compiler adds to a record, nobody reads.</summary>
    private static bool Counts(MemberInfo member) =>
        member switch
        {
            FieldInfo field => !field.IsLiteral && !field.IsInitOnly,
            MethodInfo method => !method.IsSpecialName && !IsGenerated(method) && method.GetBaseDefinition() == method,
            PropertyInfo property => !IsGenerated(property),
            Type or ConstructorInfo => false,
            _ => true,
        };

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
