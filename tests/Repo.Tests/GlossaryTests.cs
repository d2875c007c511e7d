using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary><c>docs/glossary.md</c>: each word has one meaning, also in the names of types.</summary>
public sealed partial class GlossaryTests
{
    private static readonly (string Word, string[] Folders)[] Reserved =
    [
        .. Rows()
            .Matches(Repository.Read("docs/glossary.md"))
            .Select(row => (row.Groups["word"].Value, Folder().Matches(row.Groups["where"].Value).Select(m => m.Groups[1].Value).ToArray()))
            .Where(row => row.Item2.Length > 0),
    ];

    public static TheoryData<string> Words => [.. Reserved.Select(row => row.Word)];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_reserved_word_is_used_in_one_sense(string word)
    {
        var folders = Reserved.Single(row => row.Word == word).Folders;
        var part = string.Concat(word.Split(' ').Select(one => char.ToUpperInvariant(one[0]) + one[1..]));
        var named = Repository
            .In("src")
            .SelectMany(source => source.Types.Select(type => (source.Path, Type: type)))
            .Where(it => Regex.IsMatch(it.Type, $"{part}s?(?![a-z])"))
            .ToArray();

        named
            .Where(it => !folders.Any(folder => it.Path.StartsWith($"src/{folder.TrimEnd('/')}/", StringComparison.Ordinal)))
            .Select(it => $"{it.Type} in {it.Path}")
            .Should()
            .BeEmpty($"docs/glossary.md gives \"{word}\" one meaning");
        named.Should().NotBeEmpty("a reserved word is one that types use");
    }

    [Fact]
    public void The_glossary_has_the_words_that_a_newcomer_needs() =>
        Rows().Count(Repository.Read("docs/glossary.md")).Should().BeInRange(40, 60);

    [GeneratedRegex(@"^\| (?<word>[a-z][a-z ,/]*) \| (?<meaning>[^|]+) \| (?<where>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Folder();
}
