using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>A C# file, with its code alone (no comments, no strings) for the rules to look at.</summary>
internal sealed partial record Source(string Path, string Text, string Code)
{
    /// <summary>Types that the file declares.</summary>
    public IEnumerable<string> Types => TypeDeclaration().Matches(Code).Select(match => match.Groups["name"].Value);

    /// <summary>Those that other files can name without saying within which.</summary>
    public IEnumerable<string> OuterTypes =>
        TypeDeclaration().Matches(Code).Where(match => !match.Groups["indent"].Success).Select(match => match.Groups["name"].Value);

    /// <summary>Partial types that have a part in the file.</summary>
    public IEnumerable<string> PartialTypes => PartialDeclaration().Matches(Code).Select(match => match.Groups["name"].Value);

    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>The first folder below the project's: the feature, or empty for the project's own files.</summary>
    public string Feature => Path.Split('/') is [_, _, var folder, _, ..] ? folder : "";

    public static Source Read(string path)
    {
        var text = Repository.Read(path);
        return new(path, text, NotCode().Replace(text, " "));
    }

    public bool Says(string pattern) => Regex.IsMatch(Code, pattern);

    [GeneratedRegex(
        """"
            "{3}.*?"{3,} | \$?@"([^"]|"")*" | "(\\.|[^"\\\n])*" | '(\\.|[^'\\\n])+' | //[^\n]* | /\*.*?\*/
            """",
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex NotCode();

    [GeneratedRegex(@"\bpartial\s+(class|record\s+struct|record|struct|interface)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex PartialDeclaration();

    [GeneratedRegex(
        @"^(?<indent>[ \t]+)?[\w \t]*\b(class|interface|enum|record\s+struct|record\s+class|record|struct)\s+(?<name>[A-Z]\w*)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeDeclaration();
}
