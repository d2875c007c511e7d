using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>The screens inside <c>docs/tui.md</c>: those that the tests of the terminal UI agree on, with long runs of alike rows shortened.</summary>
internal static partial class ScreenPage
{
    private const int AlikeRows = 2;

    public static string Render(string root) =>
        Screen()
            .Replace(
                File.ReadAllText(Path.Combine(root, "docs/tui.md")),
                found =>
                {
                    var golden = Path.Combine(root, "tests/Tui.Tests/Golden", $"{found.Groups["name"].Value}.txt");
                    return File.Exists(golden)
                        ? $"<!-- screen: {found.Groups["name"].Value} -->\n```text\n{Shortened(File.ReadAllLines(golden))}\n```\n"
                        : $"<!-- screen: {found.Groups["name"].Value} does not exist -->\n";
                }
            );

    private static string Shortened(string[] rows) =>
        string.Join('\n', rows.Where((row, i) => i < AlikeRows || rows[(i - AlikeRows)..i].Any(before => before != row)));

    [GeneratedRegex("<!-- screen: (?<name>[a-z0-9-]+) -->\n```text\n.*?\n```\n", RegexOptions.Singleline)]
    private static partial Regex Screen();
}
