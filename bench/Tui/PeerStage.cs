using System.Globalization;
using System.Text;

namespace StoriesCli.Bench.Tui;

/// <summary>tig, a full-screen program in C with a list, in a repository of its own.</summary>
internal static class PeerStage
{
    private const int Commits = 300;

    /// <param name="lab">Where the repository is made.</param>
    /// <param name="program">tig.</param>
    public static Subject Open(Lab lab, string program)
    {
        var home = lab.NewFolder("tig");
        var commits = new StringBuilder();
        for (var i = 1; i <= Commits; i++)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"commit {i}.");
            commits.Append(
                CultureInfo.InvariantCulture,
                $"commit refs/heads/main\ncommitter Ana <ana@example.com> {1_700_000_000 + 60 * i} +0000\ndata {message.Length}\n{message}\n\n"
            );
        }
        var stream = Path.Combine(home, "commits");
        File.WriteAllText(stream, commits.ToString());
        Running.Run("git", "-C", home, "init", "--quiet", "--initial-branch=main");
        Running.Run("sh", "-c", "git -C \"$0\" fast-import --quiet <\"$1\"", home, stream);
        return new(Name(program), IsKitty: false, ["env", "-C", home, program], IsFramed: false, $"commit {Commits}.", $"commit {Commits}.")
        {
            Environment = () => new Dictionary<string, string?> { ["HOME"] = home, ["LC_ALL"] = "C.UTF-8" },
        };
    }

    private static string Name(string program) =>
        string.Join(' ', Running.Run(program, "--version").Split(' ', '\n').Where(w => w.Length > 0).Take(3))
            .Replace("version ", "", StringComparison.Ordinal);
}
