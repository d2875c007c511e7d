using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>What holds for files of every kind.</summary>
public sealed partial class FileTests
{
    private const int LinesMaximum = 350;

    private static readonly string[] Binary = [".jpg", ".png", ".mp4", ".webm", ".db", ".gz"];

    private static IEnumerable<(string Path, string Text)> Texts =>
        Repository.Files.Where(path => !Binary.Contains(Path.GetExtension(path))).Select(path => (path, Repository.Read(path)));

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() =>
        Texts.Where(file => MachinePath().IsMatch(file.Text)).Select(file => $"{file.Path}: {MachinePath().Match(file.Text).Value}").Should().BeEmpty();

    [Fact]
    public void No_file_is_too_long_to_have_one_reason_to_change() =>
        Texts.Where(file => Path.GetExtension(file.Path) is ".cs" or "" && file.Text.Count(c => c == '\n') > LinesMaximum).Select(file => file.Path)
            .Should().BeEmpty();

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead = from file in Texts
                   where file.Path.EndsWith(".md", StringComparison.Ordinal)
                   from Match link in MarkdownLink().Matches(file.Text)
                   let target = link.Groups[1].Value
                   where !target.Contains(':', StringComparison.Ordinal)
                   let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file.Path)!, target)
                   where !Path.Exists(path)
                   select $"{file.Path}: {target}";

        dead.Should().BeEmpty();
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_its_lock_file()
    {
        var solution = Repository.Read("stories-cli.sln").Replace('\\', '/');
        var projects = Repository.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToArray();

        projects.Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)).Should().BeEmpty();
        projects.Select(path => $"{Path.GetDirectoryName(path)}/packages.lock.json").Except(Repository.Files).Should().BeEmpty();
        projects.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Scripts_can_be_run_and_pass_shellcheck()
    {
        var scripts = Texts.Where(file => file.Text.StartsWith("#!", StringComparison.Ordinal)).Select(file => file.Path).ToArray();
        using var shellcheck = Process.Start(new ProcessStartInfo("shellcheck", scripts) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true })!;
        var complaints = await shellcheck.StandardOutput.ReadToEndAsync();
        await shellcheck.WaitForExitAsync();

        complaints.Should().BeEmpty();
        scripts.Where(path => !CanBeRun(Path.Combine(Repository.Root, path))).Should().BeEmpty();
        scripts.Should().Contain(["script/demo", "script/test", ".ci/run"]);
    }

    private static bool CanBeRun(string path) => OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    [GeneratedRegex(@"(?<![\w.$})/-])/(work|root|home|Users)/[\w.]+|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\]\(([^)#\s]+)(#[^)\s]*)?\)")]
    private static partial Regex MarkdownLink();
}
