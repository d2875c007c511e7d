namespace StoriesCli.Cli;

/// <summary>This program's version.</summary>
internal static class Version
{
    public static string Text { get; } = typeof(Version).Assembly.GetName().Version!.ToString(3);
}
