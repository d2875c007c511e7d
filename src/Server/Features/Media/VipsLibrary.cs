using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NetVips;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.Features.Media;

/// <summary>Loads libvips: the one embedded in this program, extracted to a folder and verified by hash, or one that the host names. Never the system's.</summary>
/// <param name="folder">Folder for the extracted library, created if missing.</param>
/// <param name="otherLibrary">Full path of another libvips to use.</param>
internal sealed class VipsLibrary(string folder, string? otherLibrary = null)
{
    private const string LibraryResource = "libvips.gz",
        HashResource = "libvips.sha256";
    private const int CopyBytes = 1 << 20;

    // Name under which NetVips loads the library and caches its handle.
    private const string NameOfNetVips = "libvips.so.42";

    private static readonly string[] Loaders =
    [
        "VipsForeignLoadJpeg",
        "VipsForeignLoadPng",
        "VipsForeignLoadWebp",
        "VipsForeignLoadNsgif",
        "VipsForeignLoadHeif",
    ];

    // A process has one libvips, however many hosts run in it.
    private static readonly Lock Gate = new();
    private static bool s_loaded;
    private static nint s_handle;
    private static long s_complaints;

    /// <summary>Whether there is a library to load. Builds for some systems have none, but the host can name one.</summary>
    public bool IsExpected => otherLibrary is not null || HasResource;

    private static bool HasResource => typeof(VipsLibrary).Assembly.GetManifestResourceInfo(LibraryResource) is not null;

    /// <summary>Loads the library, unless it is loaded already.</summary>
    /// <exception cref="PosterUnavailableException">There is no library for this system, or it does not load.</exception>
    public void Load()
    {
        lock (Gate)
        {
            if (s_loaded)
                return;
            try
            {
                if (s_handle == 0)
                    s_handle = NativeLibrary.Load(otherLibrary ?? Put());
                UseLoaded(s_handle);
                s_loaded = true;
            }
            catch (Exception e)
                when (e
                        is DllNotFoundException
                            or EntryPointNotFoundException
                            or BadImageFormatException
                            or IOException
                            or UnauthorizedAccessException
                    || e.GetType().Namespace == nameof(NetVips)
                    || FileSizeSignal.IsCauseOf(e)
                )
            {
                var why =
                    FileSizeSignal.IsCauseOf(e) ? FileSizeSignal.Explain().Message
                    : e is DllNotFoundException missing ? SystemLibraries.FindCppFault() ?? SystemLibraries.LoaderWords(missing)
                    : e.Message;
                throw new PosterUnavailableException($"The image library could not be loaded: {CleanText.OneLine(why)}", e);
            }
        }
    }

    /// <summary>A separate method: without native compilation, NetVips looks for a library as soon as a method that uses it is compiled, and must find ours loaded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseLoaded(nint ours)
    {
        // By name, a library would be searched in LD_LIBRARY_PATH, the system's folders and beside this program. An existing handle is used instead.
        var handles = HandlesOfNetVips(null);
        if (handles.TryGetValue(NameOfNetVips, out var other) && other != ours)
            throw new PosterUnavailableException(
                "Another image library was loaded before it: remove libvips.so.42 from the folder of this program."
            );
        handles[NameOfNetVips] = ours;
        CountComplaints(ours);
        if (!ModuleInitializer.VipsInitialized)
            ModuleInitializer.Initialize();
        if (!ModuleInitializer.VipsInitialized)
            throw new PosterUnavailableException(
                $"The image library could not be started: {CleanText.OneLine(ModuleInitializer.Exception?.Message ?? "it does not say why")}",
                ModuleInitializer.Exception
            );
        AllowNothingElse();
        Prove();
    }

    /// <summary>Number of the library's warnings. They are not logged: one small image can cause a hundred thousand.</summary>
    public static long Complaints => Interlocked.Read(ref s_complaints);

    // By default GLib writes messages to standard error, bypassing every logger. It reports fatal errors only to this function and then ends the process.
    [UnmanagedCallersOnly]
    private static void Count(nint domain, int level, nint message, nint data) => Interlocked.Increment(ref s_complaints);

    private static unsafe void CountComplaints(nint library)
    {
        // The embedded library contains its own GLib; others load GLib with them.
        var setHandler = (delegate* unmanaged<delegate* unmanaged<nint, int, nint, nint, void>, nint, nint>)
            NativeLibrary.GetExport(library, "g_log_set_default_handler");
        setHandler(&Count, 0);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "DllImportCache")]
    private static extern ref Dictionary<string, nint> HandlesOfNetVips(
        [UnsafeAccessorType("NetVips.ModuleInitializer, NetVips")] object? type
    );

    /// <summary>A library that loads may still be too old, or built without what posters need.</summary>
    private static void Prove()
    {
        using var one = Image.Black(1, 1);
        foreach (var picture in new[] { one.JpegsaveBuffer(), one.PngsaveBuffer() })
        {
            using var small = Image.ThumbnailBuffer(picture, 1, height: 1, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
            _ = small.Avg();
        }
    }

    private static void AllowNothingElse()
    {
        Cache.Max = 0;
        NetVips.NetVips.Concurrency = 1;
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders)
            NetVips.Operation.Block(loader, false);
    }

    private string Put()
    {
        var wanted = ReadHash();
        var path = Path.Combine(folder, $"libvips-{wanted[..16]}.so.42");
        if (File.Exists(path) && HashOf(path) == wanted)
            return path;

        CreateFolder();
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Extract(temporary);
            if (HashOf(temporary) != wanted)
                throw new IOException("what was written is not what was inside the program");
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

    private void CreateFolder() =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static void Extract(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
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
