namespace StoriesCli.Server.Tests.Storage;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("stories-storage-").FullName;

    public string New(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Copies the files of a database as they are now, without its media. Replaces an existing copy of that name.</summary>
    public string CopyOf(string directory, string name)
    {
        var copy = Directory.CreateDirectory(New(name)).FullName;
        foreach (var old in Directory.EnumerateFiles(copy))
            File.Delete(old);
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
        {
            // Both belong to the server that runs there.
            if (file.Name is "lock" or "admin.sock")
                continue;
            using var from = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(System.IO.Path.Combine(copy, file.Name));
            from.CopyTo(to);
        }
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
