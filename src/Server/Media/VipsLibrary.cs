using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NetVips;

namespace StoriesCli.Server.Media;

/// <summary>Loads libvips when the first picture needs it: the one inside this program, put into a folder and checked by its hash, or another that the host names.</summary>
/// <param name="folder">Where the library is put; made when it is missing.</param>
/// <param name="otherLibrary">Full path of a libvips to use instead.</param>
internal sealed class VipsLibrary(string folder, string? otherLibrary = null)
{
    private const string LibraryResource = "libvips.gz", HashResource = "libvips.sha256";
    private const int CopyBytes = 1 << 20;

    private static readonly string[] Loaders = ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"];

    // A process has one libvips, however many hosts run in it.
    private static readonly Lock Gate = new();
    private static bool s_loaded;

    /// <exception cref="PosterUnavailableException">There is none for this system, or it does not load.</exception>
    public void Load()
    {
        lock (Gate)
        {
            if (s_loaded) return;
            try
            {
                // NetVips asks the system for one as soon as the program starts; a second beside that would only take memory.
                if (!ModuleInitializer.VipsInitialized) LoadOurs();
                AllowNothingElse();
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
            {
                throw new PosterUnavailableException($"The image library could not be loaded: {e.Message}", e);
            }
            s_loaded = true;
        }
    }

    private void LoadOurs()
    {
        NativeLibrary.Load(otherLibrary ?? Put());
        // By name again, which is now that of the one that is loaded.
        ModuleInitializer.Initialize();
        if (!ModuleInitializer.VipsInitialized)
            throw new PosterUnavailableException("The image library could not be started.", ModuleInitializer.Exception);
    }

    private static void AllowNothingElse()
    {
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders) NetVips.Operation.Block(loader, false);
    }

    private string Put()
    {
        var wanted = ReadHash();
        var path = Path.Combine(folder, $"libvips-{wanted[..16]}.so.42");
        if (File.Exists(path) && HashOf(path) == wanted) return path;

        CreateFolder();
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Extract(temporary);
            if (HashOf(temporary) != wanted) throw new IOException("what was written is not what was inside the program");
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
        foreach (var older in Directory.EnumerateFiles(folder, "libvips-*.so.42"))
            if (older != path)
                File.Delete(older);
        return path;
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Extract(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var to = new FileStream(path, options);
        using var from = new GZipStream(OpenResource(LibraryResource), CompressionMode.Decompress);
        from.CopyTo(to, CopyBytes);
        to.Flush(flushToDisk: true);
    }

    private static string ReadHash()
    {
        using var reader = new StreamReader(OpenResource(HashResource));
        return reader.ReadToEnd().Trim();
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static Stream OpenResource(string name) =>
        typeof(VipsLibrary).Assembly.GetManifestResourceStream(name)
        ?? throw new PosterUnavailableException("This build has no image library for this system; the host can name one.");
}
