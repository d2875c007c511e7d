using System.Runtime.InteropServices;

namespace StoriesCli.Acceptance;

/// <summary>The programs that <c>script/publish</c> made, and the media that come with them.</summary>
internal static class Published
{
    private static readonly string Root = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "dist", RuntimeInformation.RuntimeIdentifier);
    public static string Stories { get; } = Program("stories");
    public static string Server { get; } = Program("stories-server");

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    /// <summary>A data directory of the first schema.</summary>
    public static string OlderData => Path.Combine(Root, "tests", "Server.Tests", "Storage", "fixtures", "schema-1.tar.gz");

    /// <summary>Instructions that each hot path may take.</summary>
    public static string CostBounds => Path.Combine(Root, "tests", "Acceptance", "Costs", "bounds.json");

    public static string Node(string name) => Path.Combine(Root, "tests", "Acceptance", "node", name);

    public static string Script(string name) => Path.Combine(Root, "script", name);

    public static string ExamplePath(string name) => Path.Combine(Root, "docs", "examples", name);

    public static string Example(string name) => File.ReadAllText(ExamplePath(name));

    /// <summary>An example with what only a test has: every text that it changes is there.</summary>
    public static string Adapted(string name, params (string Example, string Test)[] changes)
    {
        var text = Example(name);
        foreach (var (example, test) in changes)
        {
            text.Should().Contain(example);
            text = text.Replace(example, test, StringComparison.Ordinal);
        }
        return text;
    }

    public static string Packaging(string name) => Path.Combine(Root, "packaging", name);

    /// <summary>Folder for what is made once and used again.</summary>
    public static string Artifacts => Path.Combine(Root, "artifacts");

    public static IEnumerable<string> Documents =>
        Directory
            .EnumerateFiles(Root, "*.md")
            .Concat(
                Directory.Exists(Path.Combine(Root, "docs"))
                    ? Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
                    : []
            )
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal);

    public static string Read(string document) => File.ReadAllText(Path.Combine(Root, document));

    private static string Program(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: script/publish makes it");
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "stories-cli.sln")))
            {
                return folder;
            }
        }
        throw new InvalidOperationException($"no stories-cli.sln lies above {AppContext.BaseDirectory}");
    }
}
