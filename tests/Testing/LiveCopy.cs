namespace StoriesCli.Testing;

/// <summary>A copy of the data directory of a server that runs: what a kill would leave.</summary>
public static class LiveCopy
{
    /// <summary>Copies into a new directory, again and again until no file changed, came or went meanwhile: all of it is of one moment.</summary>
    /// <exception cref="TimeoutException">The files did not keep still.</exception>
    public static async Task<string> MakeAsync(string data, Func<string, bool> isWanted)
    {
        var copy = "";
        await Eventually.TrueAsync(() =>
        {
            copy = Directory.CreateTempSubdirectory("stories-test-").FullName;
            try
            {
                var before = List(data, isWanted);
                foreach (var (name, _, _) in before)
                {
                    var target = Path.Combine(copy, name);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(Path.Combine(data, name), target);
                }
                if (before.SequenceEqual(List(data, isWanted)))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // The server renamed, removed or locked a file: the next copy is made without it, or with it when it is free.
            }
            Directory.Delete(copy, recursive: true);
            return false;
        });
        return copy;
    }

    private static List<(string Name, long Length, DateTime Written)> List(string data, Func<string, bool> isWanted) =>
        [
            .. new DirectoryInfo(data)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.Extension != ".sock" && isWanted(file.FullName))
                .Select(file => (Path.GetRelativePath(data, file.FullName), file.Length, file.LastWriteTimeUtc))
                .OrderBy(file => file.Item1, StringComparer.Ordinal),
        ];
}
