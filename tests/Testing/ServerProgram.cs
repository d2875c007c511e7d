namespace StoriesCli.Testing;

/// <summary>The server as a program.</summary>
public static class ServerProgram
{
    /// <summary>
    /// The published one if <c>PUBLISHED_SERVER</c> names it, as <c>script/test</c> does: it starts in a quarter of the time. Otherwise the one
    /// that was built with the tests.
    /// </summary>
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("PUBLISHED_SERVER") ?? System.IO.Path.Combine(AppContext.BaseDirectory, "stories-server");
}
