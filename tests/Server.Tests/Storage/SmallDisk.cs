using System.Diagnostics;

namespace StoriesCli.Server.Tests.Storage;

/// <summary>A real file system of a few megabytes that can be filled to the last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int FillBytes = 64 * 1024;
    private readonly List<string> _filling = [];

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <returns>Null when this process may not mount anything; the test's output says so.</returns>
    public static SmallDisk? TryMount(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("stories-disk-").FullName;
        var (code, error) = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", path);
        if (code == 0)
            return new(path);
        Directory.Delete(path);
        // Any error but missing rights is a fault of this test.
        if (
            Environment.IsPrivilegedProcess
            && !error.Contains("denied", StringComparison.Ordinal)
            && !error.Contains("not permitted", StringComparison.Ordinal)
        )
            throw new InvalidOperationException($"mount failed: {error}");
        Console.Error.WriteLine($"No file system can be mounted here ({error.Trim()}): only the parts are tested, not the whole server.");
        return null;
    }

    /// <summary>Writes until the disk is completely full.</summary>
    public void Fill()
    {
        _filling.Add(System.IO.Path.Combine(Path, $"filling-{_filling.Count}"));
        using var file = new FileStream(
            _filling[^1],
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = 0,
            }
        );
        for (var bytes = new byte[FillBytes]; bytes.Length > 0; )
        {
            try
            {
                file.Write(bytes);
            }
            catch (IOException)
            {
                bytes = new byte[bytes.Length / 2];
            }
        }
    }

    public void Free()
    {
        foreach (var path in _filling)
            File.Delete(path);
        _filling.Clear();
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (1, $"{e.Message}: not permitted");
        }
    }
}
