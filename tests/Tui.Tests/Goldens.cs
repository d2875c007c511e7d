namespace StoriesCli.Tui.Tests;

/// <summary>Files of the folder Golden, which are read in review. STORIES_GOLDEN names a folder to write them to.</summary>
internal static class Goldens
{
    public static void Check(string file, string text)
    {
        var written = Environment.GetEnvironmentVariable("STORIES_GOLDEN");
        var path = Path.Combine(written is { Length: > 0 } ? written : Path.Combine(AppContext.BaseDirectory, "Golden"), file);
        if (written is { Length: > 0 })
        {
            File.WriteAllText(path, text);
        }
        text.Should().Be(File.ReadAllText(path), "{0} is as it was agreed", file);
    }
}
