using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using StoriesCli.Testing;

namespace StoriesCli.Repo.Tests;

/// <summary>What holds for files of every kind.</summary>
public sealed partial class FileTests
{
    private const int WidthMaximum = 140;

    private static readonly string[] Binary = [".jpg", ".png", ".mp4", ".webm", ".db", ".gz"];

    private static IEnumerable<(string Path, string Text)> Texts =>
        Repository.Files.Where(path => !Binary.Contains(Path.GetExtension(path))).Select(path => (path, Repository.Read(path)));

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() =>
        Texts
            .Where(file => MachinePath().IsMatch(file.Text))
            .Select(file => $"{file.Path}: {MachinePath().Match(file.Text).Value}")
            .Should()
            .BeEmpty();

    [Fact]
    public void Only_texts_and_comments_are_wider_than_a_line()
    {
        var wide =
            from file in Texts
            where file.Path.EndsWith(".cs", StringComparison.Ordinal)
            from line in WithoutTexts(file.Text).Split('\n')
            where line.Length > WidthMaximum
            select $"{file.Path}: {line.Trim()}";

        wide.Should().BeEmpty("csharpier breaks every line that it can");
    }

    /// <summary>Cuts what no formatter breaks down to its first and last character.</summary>
    private static string WithoutTexts(string source) => TextOrComment().Replace(source, "\"\"");

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var dead =
            from file in Texts
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            from Match link in MarkdownLink().Matches(CodeBlock().Replace(file.Text, ""))
            let target = link.Groups[1].Value
            where !target.Contains(':', StringComparison.Ordinal)
            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file.Path)!, target)
            where !Path.Exists(path)
            select $"{file.Path}: {target}";

        dead.Should().BeEmpty();
    }

    [Fact]
    public void Links_lead_to_headings_that_exist()
    {
        var dead =
            from file in Texts
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            from Match link in AnchorLink().Matches(CodeBlock().Replace(file.Text, ""))
            let target = link.Groups[1].Value
            where !target.Contains(':', StringComparison.Ordinal)
            let path = target.Length == 0 ? file.Path : Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(file.Path)!, target))
            where path.EndsWith(".md", StringComparison.Ordinal) && !AnchorsOf(path).Contains(link.Groups[2].Value)
            select $"{file.Path}: {link.Value}";

        dead.Should().BeEmpty();
    }

    /// <summary>As GitHub names them: lower case, words joined by hyphens, all other signs left out, and a number behind the second of a name.</summary>
    private static HashSet<string> AnchorsOf(string document)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Heading().Matches(CodeBlock().Replace(Repository.Read(document), "")))
        {
            var text = MarkdownLinkText().Replace(heading.Groups[1].Value, "$1").Trim().ToLowerInvariant();
            var anchor = string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
            for (var n = 0; !anchors.Add(n == 0 ? anchor : $"{anchor}-{n}"); n++) { }
        }
        return anchors;
    }

    [Fact]
    public void The_readme_is_short_and_shows_the_program_before_anything_else()
    {
        var readme = Repository.Read("README.md").Split('\n');

        readme.Should().HaveCountLessThanOrEqualTo(150);
        readme.Take(10).Should().ContainSingle(line => line.StartsWith("![", StringComparison.Ordinal));
    }

    [Fact]
    public void Pictures_of_the_documents_are_small_and_used_and_run_nothing()
    {
        var pictures = Repository.Files.Where(path => path.StartsWith("docs/images/", StringComparison.Ordinal)).ToArray();
        var documents = string.Concat(Texts.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).Select(file => file.Text));

        pictures.Should().HaveCountGreaterThan(5);
        pictures.Where(path => !documents.Contains($"images/{Path.GetFileName(path)})", StringComparison.Ordinal)).Should().BeEmpty();
        pictures.Where(path => new FileInfo(Path.Combine(Repository.Root, path)).Length > 400 * 1024).Should().BeEmpty();
        foreach (var svg in pictures.Where(path => path.EndsWith(".svg", StringComparison.Ordinal)))
        {
            XDocument
                .Parse(Repository.Read(svg))
                .Descendants()
                .Select(element => element.Name.LocalName)
                .Should()
                .NotContain(["script", "a", "foreignObject"]);
        }
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
        var scripts = Texts
            .Where(file => file.Text.StartsWith("#!", StringComparison.Ordinal) && !file.Path.EndsWith(".js", StringComparison.Ordinal))
            .Select(file => file.Path)
            .ToArray();
        using var shellcheck = Process.Start(
            new ProcessStartInfo("shellcheck", ["-x", .. scripts]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true }
        )!;
        var complaints = await shellcheck.StandardOutput.ReadToEndAsync();
        await shellcheck.WaitForExitAsync();

        complaints.Should().BeEmpty();
        scripts.Where(path => !CanBeRun(Path.Combine(Repository.Root, path))).Should().BeEmpty();
        scripts.Should().Contain(["script/demo", "script/test", "script/release", "packaging/stage", ".ci/run"]);
    }

    [Fact]
    public async Task Workflows_pass_actionlint()
    {
        var workflows = Repository.Files.Where(path => path.StartsWith(".github/workflows/", StringComparison.Ordinal)).ToArray();

        var run = await CommandRun.OfAsync(
            new("node", ["tests/openapi-lint/actionlint.mjs", .. workflows]) { WorkingDirectory = Repository.Root }
        );

        run.Succeeded().Out.Should().BeEmpty();
        workflows.Should().Contain([".github/workflows/test.yml", ".github/workflows/release.yml"]);
    }

    private static bool CanBeRun(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    [GeneratedRegex(@"(?<![\w.$})/-])/(work|root|home|Users)/[\w.]+|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex("""\"{3,}.*?\"{3,}|@"(""|[^"])*"|"(\\.|[^"\\\n])*"|//[^\n]*|(?<!['\\])'(\\.|[^'\\])'""", RegexOptions.Singleline)]
    private static partial Regex TextOrComment();

    [GeneratedRegex(@"\]\(([^)#\s]*)#([^)\s]+)\)")]
    private static partial Regex AnchorLink();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex MarkdownLinkText();

    [GeneratedRegex(@"\]\(([^)#\s]+)(#[^)\s]*)?\)")]
    private static partial Regex MarkdownLink();
}
