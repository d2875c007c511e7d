using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;

namespace StoriesCli.Repo.Tests;

/// <summary>Who may know whom within the server, as compiled: fields, parameters, results, generic arguments and calls, whatever the source calls them.</summary>
public sealed class ArchitectureTests
{
    private const string Server = "StoriesCli.Server";
    private const string Features = Server + ".Features";

    private static readonly string[] FileAreas = [$"{Server}.Storage", $"{Features}.Media", $"{Server}.Hosting", $"{Server}.HostCommands"];

    private static readonly Architecture Compiled = new ArchLoader().LoadAssemblies(typeof(Server.Storage.Database).Assembly).Build();

    [Fact]
    public void Features_form_no_cycle()
    {
        var knows = ServerDependencies()
            .Select(d => (From: FeatureOf(d.Origin), To: FeatureOf(d.Target)))
            .Where(edge => edge.From is not null && edge.To is not null && edge.From != edge.To)
            .ToLookup(edge => edge.From!, edge => edge.To!);
        knows["Conversation"].Should().Contain("Stories", "the rule would also hold of nothing");

        // Remove every feature that knows none of the remaining ones. What stays is a cycle.
        var left = knows.Select(feature => feature.Key).ToHashSet();
        while (left.RemoveWhere(feature => !knows[feature].Any(left.Contains)) > 0) { }

        left.Should().BeEmpty();
    }

    [Fact]
    public void Stories_know_nothing_of_what_builds_on_them() =>
        ServerDependencies()
            .Where(d => FeatureOf(d.Origin) == "Stories")
            .Where(d =>
                FeatureOf(d.Target)
                    is "Conversation"
                        or "Digests"
                        or "Events"
                        or "Feeds"
                        or "Questions"
                        or "Reports"
                        or "Shares"
                        or "Webhooks"
            )
            .FaultsShouldBeNone();

    [Fact]
    public void No_row_is_known_outside_its_feature() =>
        ServerDependencies()
            .Where(d =>
                d.Target.Name.EndsWith("Row", StringComparison.Ordinal) && FeatureOf(d.Target) is { } owner && owner != FeatureOf(d.Origin)
            )
            .FaultsShouldBeNone();

    [Theory]
    [InlineData("Http")]
    [InlineData("Storage")]
    public void Infrastructure_knows_no_feature(string area) =>
        ServerDependencies().Where(d => IsIn(d.Origin, $"{Server}.{area}") && FeatureOf(d.Target) is not null).FaultsShouldBeNone();

    [Theory]
    [InlineData("LiteDB")]
    [InlineData("Npgsql")]
    public void Only_storage_names_types_of_an_engine(string engine)
    {
        var known = ServerDependencies().Where(d => IsIn(d.Target, engine)).ToArray();
        known.Should().NotBeEmpty("the rule would also hold of nothing");
        known.Where(d => !IsIn(d.Origin, $"{Server}.Storage")).FaultsShouldBeNone();
    }

    [Fact]
    public void Only_storage_media_and_hosting_touch_files() =>
        ServerDependencies()
            .Where(d =>
                d.Target.FullName
                    is "System.IO.File"
                        or "System.IO.Directory"
                        or "System.IO.FileInfo"
                        or "System.IO.DirectoryInfo"
                        or "System.IO.RandomAccess"
                        or "System.IO.DriveInfo"
            )
            .Where(d => !FileAreas.Any(area => IsIn(d.Origin, area)))
            .FaultsShouldBeNone();

    private static IEnumerable<ITypeDependency> ServerDependencies() =>
        Compiled.Types.Where(type => IsIn(type, Server)).SelectMany(type => type.Dependencies);

    private static bool IsIn(IType type, string area) =>
        type.Namespace?.FullName == area || type.Namespace?.FullName.StartsWith(area + ".", StringComparison.Ordinal) == true;

    private static string? FeatureOf(IType type) => IsIn(type, Features) ? type.Namespace.FullName.Split('.').ElementAtOrDefault(3) : null;
}

file static class Dependencies
{
    /// <summary>Names every one of them: a list that is cut hides what is left to mend.</summary>
    public static void FaultsShouldBeNone(this IEnumerable<ITypeDependency> dependencies) =>
        string.Join(
                '\n',
                dependencies.Select(d => $"{d.Origin.FullName} knows {d.Target.FullName}").Distinct().Order(StringComparer.Ordinal)
            )
            .Should()
            .BeEmpty();
}
