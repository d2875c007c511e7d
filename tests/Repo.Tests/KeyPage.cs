using System.Text;
using StoriesCli.Tui;
using StoriesCli.Tui.App;

namespace StoriesCli.Repo.Tests;

/// <summary>The table of keys inside <c>docs/tui.md</c>; the rest of the page is written by hand.</summary>
internal static class KeyPage
{
    private const string Begin = "<!-- keys: rendered from src/Tui/Actions -->\n";
    private const string End = "<!-- end of keys -->\n";

    private const int NamesAtMost = 4;

    private static readonly KeyTable _classic = KeyTable.With(new Dictionary<string, string>(), Keymap.Classic);

    public static string Render(string root)
    {
        var page = File.ReadAllText(Path.Combine(root, "docs/tui.md"));
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        var table = new StringBuilder("| key | in `classic` | does | name in `keys` |\n|---|---|---|---|\n");
        foreach (var (binding, classic) in KeyTable.Default.For(restricted: false).Zip(_classic.For(restricted: false)))
        {
            string[] named = [.. binding.Names.Select(name => $"`{name}`")];
            var names = named.Length > NamesAtMost ? $"{named[0]} to {named[^1]}" : string.Join(", ", named);
            table.Append(
                $"| {Keys(binding)} | {(classic.FullLabel == binding.FullLabel ? "" : Keys(classic))} | {binding.Action.Help} | {(names.Length > 0 ? names : "stays as it is")} |\n"
            );
        }
        return begin < Begin.Length || end < begin
            ? "docs/tui.md has lost the lines between which its keys stand"
            : page[..begin] + table + page[end..];
    }

    private static string Keys(Binding binding) =>
        binding.HasKeys ? string.Join(' ', binding.FullLabel.Split(' ').Select(key => $"`{key}`")) : "none";
}
