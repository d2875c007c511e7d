using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>The unit of systemd that the packages install, and the paths that the pages for hosts tell its server to write.</summary>
public sealed partial class ServiceUnitTests
{
    private const string Unit = "packaging/systemd/stories-server.service";

    private static IEnumerable<string> Pages =>
        Repository.Files.Where(path =>
            path == "docs/operations.md"
            || (path.StartsWith("docs/host/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal))
        );

    [Fact]
    public void The_unit_may_write_every_path_that_the_pages_name()
    {
        var unit = Repository.Read(Unit);
        var open = new[] { ("State", "/var/lib"), ("Logs", "/var/log"), ("Runtime", "/run") }
            .SelectMany(it =>
                Regex
                    .Matches(unit, $@"^{it.Item1}Directory=(\S+)$", RegexOptions.Multiline)
                    .Select(match => $"{it.Item2}/{match.Groups[1].Value}")
            )
            .ToArray();
        var written = DataOfUnit()
            .Matches(unit)
            .Concat(Pages.SelectMany(page => LogsAndSockets().Matches(Repository.Read(page))))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .ToList();

        unit.Should().Contain("ProtectSystem=strict");
        written.Should().HaveCountGreaterThan(2);
        written
            .Where(path => !open.Any(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Should()
            .BeEmpty("ProtectSystem=strict closes all the rest");
    }

    [Fact]
    public void A_start_that_needs_a_change_by_the_host_is_not_tried_again() =>
        Repository.Read(Unit).Should().MatchRegex("(?m)^Restart=on-failure$").And.MatchRegex("(?m)^RestartPreventExitStatus=2$");

    /// <summary>Where there is systemd, it has to understand the unit; where there is none, the tests above still hold.</summary>
    [Fact]
    public void Systemd_understands_the_unit()
    {
        var folder = Directory.CreateTempSubdirectory("stories-unit-");
        try
        {
            var file = Path.Combine(folder.FullName, "stories.service");
            File.WriteAllText(
                file,
                Repository
                    .Read(Unit)
                    .Replace("/usr/bin/stories-server", "/bin/true", StringComparison.Ordinal)
                    .Replace("=stories\n", "=root\n", StringComparison.Ordinal)
            );
            using var process = Start("systemd-analyze", "verify", "--man=no", file);
            if (process is null)
            {
                Console.Error.WriteLine("There is no systemd-analyze here: only the paths of the unit are checked.");
                return;
            }
            var complaints = process.StandardError.ReadToEnd();
            process.WaitForExit();
            complaints.Split('\n').Where(line => line.Contains("stories.service", StringComparison.Ordinal)).Should().BeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process? Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"--data (/[^\s`]+)")]
    private static partial Regex DataOfUnit();

    [GeneratedRegex(@"(?:--log-file |unix:)(/[^\s`,]+)")]
    private static partial Regex LogsAndSockets();
}
