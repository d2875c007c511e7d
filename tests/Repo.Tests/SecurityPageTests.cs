using System.Text.RegularExpressions;

namespace StoriesCli.Repo.Tests;

/// <summary>A threat in <c>docs/security.md</c>, or a promise in <c>SECURITY.md</c>, counts as answered only while a test would fail without the answer.</summary>
public sealed partial class SecurityPageTests
{
    [Theory]
    [InlineData("docs/security.md", 20)]
    [InlineData("SECURITY.md", 4)]
    public void Every_threat_and_promise_names_tests_that_exist(string page, int fewest)
    {
        var tests = TestsByClass();
        var rows = Repository
            .Read(page)
            .Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells[0] is not ("threat" or "promise"))
            .ToArray();

        rows.Where(cells => cells.Length != 3 || TestName().Count(cells[2]) == 0)
            .Select(cells => cells[0])
            .Should()
            .BeEmpty("each row is: threat or promise, what holds, its tests");
        var named = rows.SelectMany(cells => TestName().Matches(cells[2]))
            .Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value));
        named
            .Where(test => !tests[test.Class].Contains(test.Method))
            .Should()
            .BeEmpty("a test that was renamed or removed no longer stands behind its row");
        rows.Should().HaveCountGreaterThan(fewest);
    }

    private static ILookup<string, string> TestsByClass() =>
        Repository
            .In("tests")
            .SelectMany(source =>
                source.OuterTypes.SelectMany(type =>
                    TestMethod().Matches(source.Code).Select(match => (Type: type, Method: match.Groups[1].Value))
                )
            )
            .ToLookup(test => test.Type, test => test.Method);

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\bpublic\s+(?:async\s+)?(?:Task|void)\s+(\w+)\(")]
    private static partial Regex TestMethod();
}
