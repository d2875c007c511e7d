using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>The unit of systemd in the docs, and the paths that the docs tell its server to write.</summary>
public sealed partial class ServiceUnitTests
{
    [Fact]
    public void The_unit_may_write_every_path_that_the_page_names()
    {
        var page = Repository.Read("docs/operations.md");
        var unit = UnitOf(page);
        var open = new[] { ("State", "/var/lib"), ("Logs", "/var/log"), ("Runtime", "/run") }
            .SelectMany(it =>
                Regex
                    .Matches(unit, $@"^{it.Item1}Directory=(\S+)$", RegexOptions.Multiline)
                    .Select(match => $"{it.Item2}/{match.Groups[1].Value}")
            )
            .ToArray();
        var written = DataOfUnit()
            .Matches(unit)
            .Concat(LogsAndSockets().Matches(page))
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

    /// <summary>Where there is systemd, it has to understand the unit; where there is none, the test above still holds.</summary>
    [Fact]
    public void Systemd_understands_the_unit()
    {
        var folder = Directory.CreateTempSubdirectory("stories-unit-");
        try
        {
            var file = Path.Combine(folder.FullName, "stories.service");
            File.WriteAllText(
                file,
                UnitOf(Repository.Read("docs/operations.md"))
                    .Replace("/usr/local/bin/stories-server", "/bin/true", StringComparison.Ordinal)
                    .Replace("User=stories", "User=root", StringComparison.Ordinal)
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

    private static string UnitOf(string page) =>
        Unit().Match(page) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException("docs/operations.md shows no unit.");

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

    [GeneratedRegex("```ini\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Unit();

    [GeneratedRegex(@"--data (/[^\s`]+)")]
    private static partial Regex DataOfUnit();

    [GeneratedRegex(@"(?:--log-file |unix:)(/[^\s`,]+)")]
    private static partial Regex LogsAndSockets();
}
