using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>Names say what a thing is, and an interface is there for two.</summary>
public sealed partial class NameTests
{
    private static readonly string[] Empty =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Utilities",
        "Service",
        "Impl",
        "Base",
        "Common",
    ];

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Repository
            .Sources.SelectMany(source => source.Types.Where(SaysNothing).Select(type => $"{source.Path}: {type}"))
            .Should()
            .BeEmpty();

    [Fact]
    public void No_file_or_folder_has_a_name_that_says_nothing() =>
        Repository.Files.Where(path => path.Split('/').Any(part => SaysNothing(Path.GetFileNameWithoutExtension(part)))).Should().BeEmpty();

    [Fact]
    public void An_interface_has_two_implementations_at_least()
    {
        var sources = Repository.In("src").ToArray();
        var interfaces = sources.SelectMany(source => Interface().Matches(source.Code).Select(match => match.Groups[1].Value));

        interfaces
            .Where(name =>
                sources.Sum(source => Regex.Count(source.Code, $@"\b(class|record|struct)\s+[A-Z][^{{;]*?:[^{{;]*\b{name}\b")) < 2
            )
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_namespace_follows_its_folder()
    {
        var wrong = Repository
            .In("src", "tests")
            .Select(source => (source.Path, Expected: NamespaceOf(source.Path), Found: Namespace().Match(source.Code)))
            .Where(file => file.Found.Success && file.Found.Groups[1].Value != file.Expected);

        wrong.Select(file => $"{file.Path}: {file.Found.Groups[1].Value}").Should().BeEmpty();
    }

    [Fact]
    public void Tests_are_sentences()
    {
        var words = Repository
            .In("tests")
            .SelectMany(source => TestMethod().Matches(source.Code).Select(match => match.Groups["name"].Value))
            .ToArray();

        words.Where(name => !name.Contains('_', StringComparison.Ordinal)).Should().BeEmpty();
        words.Should().HaveCountGreaterThan(10);
    }

    private const string Stories = "Server.Features.Stories";

    private static bool SaysNothing(string name) => Empty.Any(word => name.EndsWith(word, StringComparison.Ordinal));

    /// <summary>The folders below the one of stories only order its files.</summary>
    private static string NamespaceOf(string path) =>
        string.Join('.', ["StoriesCli", .. path.Split('/')[1..^1]]) is var name
        && name.IndexOf(Stories, StringComparison.Ordinal) is >= 0 and var at
            ? name[..(at + Stories.Length)]
            : name;

    [GeneratedRegex(@"\binterface\s+(I[A-Z]\w*)")]
    private static partial Regex Interface();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\[(Fact|Theory)\b[^\]]*\](\s*\[[^\]]*\])*\s*public\s+(async\s+)?\w+\s+(?<name>\w+)\(")]
    private static partial Regex TestMethod();
}
