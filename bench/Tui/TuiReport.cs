using System.Globalization;
using System.Text;

namespace StoriesCli.Bench.Tui;

/// <summary>Writes RESULTS-tui.md.</summary>
internal static class TuiReport
{
    public static void Write(string folder, Lab lab, Results results, IReadOnlyList<string> failed, string? peer, TimeSpan took)
    {
        Directory.CreateDirectory(folder);
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # How fast the terminal UI is

            `{(
                lab.IsQuick ? "script/bench-tui --quick" : "script/bench-tui"
            )}` made this page in {took.TotalMinutes:0.0} minutes, on {DateTimeOffset.UtcNow:yyyy-MM-dd}.

            {Report.Machine(lab, peer ?? "none")}

            The published client, in a pseudo terminal of {TimedTerminal.Columns}×{TimedTerminal.Rows} cells. "kitty" and "blocks" are the same program: what the terminal
            answers decides how it draws. Each start is somebody who has seen nothing. A time ends with the last byte that the terminal took.
            A figure is the median, and the spread is the lowest and the highest of the repeats.


            """
        );
        Report.Table(page, results, failed);
        var file = Path.Combine(folder, "RESULTS-tui.md");
        File.WriteAllText(file, page.ToString());
        Console.WriteLine($"bench: wrote {file}");
    }
}
