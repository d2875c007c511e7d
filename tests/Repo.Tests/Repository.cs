using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>The files of the repository as they lie on the disk, without what the build makes.</summary>
internal static partial class Repository
{
    private static readonly string[] Built = [".git", ".vs", ".idea", "artifacts", "dist", "bin", "obj", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>All files, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [.. Walk(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Source> Sources { get; } =
    [.. Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(Source.Read)];

    public static IEnumerable<Source> In(params string[] folders) =>
        Sources.Where(source => folders.Any(folder => source.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Names of the projects that this one refers to.</summary>
    public static string[] ReferencesOf(string project) =>
        [.. ProjectReference().Matches(Read(project)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Walk(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Where(path => !Built.Contains(Path.GetFileName(path)))
            .SelectMany(path => Directory.Exists(path) ? Walk(path) : [path]);

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

    [GeneratedRegex("<ProjectReference Include=\"[^\"]*?(\\w+)\\.csproj\"")]
    private static partial Regex ProjectReference();
}
