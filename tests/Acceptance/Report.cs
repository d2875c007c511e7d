namespace StoriesCli.Acceptance;

/// <summary>What was measured, for whoever reads the run; xunit shows a passing test's own output nowhere.</summary>
internal static class Report
{
    public static void Say(string line) => Console.WriteLine($"measured: {line}");
}
