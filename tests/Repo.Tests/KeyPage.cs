using System.Text;
using StoriesCli.Tui.App;

namespace StoriesCli.Repo.Tests;

/// <summary>The table of keys inside <c>docs/tui.md</c>; the rest of the page is written by hand.</summary>
internal static class KeyPage
{
    private const string Begin = "<!-- keys: rendered from src/Tui/Actions -->\n";
    private const string End = "<!-- end of keys -->\n";

    public static string Render(string root)
    {
        var page = File.ReadAllText(Path.Combine(root, "docs/tui.md"));
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        var table = new StringBuilder("| key | does | name in `keys` |\n|---|---|---|\n");
        foreach (var binding in KeyTable.Default.For(restricted: false))
        {
            var names = string.Join(", ", binding.Names.Select(name => $"`{name}`"));
            table.Append(
                $"| {string.Join(' ', binding.Label.Split(' ').Select(key => $"`{key}`"))} | {binding.Action.Help} | {(names.Length > 0 ? names : "stays as it is")} |\n"
            );
        }
        return begin < Begin.Length || end < begin
            ? "docs/tui.md has lost the lines between which its keys stand"
            : page[..begin] + table + page[end..];
    }
}
