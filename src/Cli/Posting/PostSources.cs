using StoriesCli.Client.Media;
using StoriesCli.Contracts;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Posting;

/// <summary>The source of one story: media or text.</summary>
/// <param name="Label">What messages call it.</param>
/// <param name="Media">The media, or null.</param>
/// <param name="Text">The text card, or null.</param>
/// <param name="FileName">Name of the text's file, or null.</param>
/// <param name="Kind">What its first bytes say, one of <see cref="StoryKinds"/>.</param>
internal sealed record PostSource(
    string Label,
    MediaUpload? Media,
    string? Text = null,
    string? FileName = null,
    string Kind = StoryKinds.Text
)
{
    /// <summary>The earlier picture that <see cref="Media"/> is compared with, or null.</summary>
    public MediaUpload? Before { get; init; }

    /// <summary>Number of bytes cut from the beginning of a text that is too long.</summary>
    public long LeftOut { get; init; }
}

/// <summary>All sources of one command, checked before the first is sent.</summary>
internal sealed class PostSources : IDisposable
{
    private readonly List<FileStream> _spooled = [];
    private readonly List<Microsoft.Win32.SafeHandles.SafeFileHandle> _found = [];
    private readonly Dictionary<string, int> _seen = [];

    public List<PostSource> Items { get; } = [];

    public static PostSources Of(string text) => new() { Items = { new("the text", null, text) } };

    /// <exception cref="CommandException">A file cannot be read.</exception>
    /// <exception cref="UploadRefusedException">A file is empty, too large, or of an unsupported type.</exception>
    public static async Task<PostSources> OpenAsync(string[] files, Stream stdin, ServerLimits limits, CancellationToken cancel)
    {
        var sources = new PostSources();
        try
        {
            if (files.Count(file => file == "-") > 1)
            {
                throw CommandException.Usage("stdin (-) can be only one story.");
            }
            foreach (var file in files)
            {
                sources.Items.Add(
                    file == "-"
                        ? await sources.SpoolAsync("stdin", stdin, limits, cancel).ConfigureAwait(false)
                        : await sources.OpenFileAsync(file, limits, cancel).ConfigureAwait(false)
                );
            }
            return sources;
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    /// <summary>Combines the two opened files into one before/after story.</summary>
    /// <exception cref="CommandException">One of them is not a picture.</exception>
    public void Compare()
    {
        if (Items.FirstOrDefault(item => item.Kind != StoryKinds.Image) is { } other)
        {
            throw new CommandException(
                ExitCode.Refused,
                $"{other.Label} is {other.Kind}: --compare takes two pictures, JPEG, PNG, GIF, WebP or AVIF."
            );
        }
        var (before, after) = (Items[0], Items[1]);
        Items.Clear();
        Items.Add(after with { Label = $"{before.Label} → {after.Label}", Before = before.Media });
    }

    public void Dispose()
    {
        _spooled.ForEach(file => file.Dispose());
        _found.ForEach(file => file.Dispose());
    }

    /// <summary>Buffers files that can be read only once, such as the shell's <c>&lt;(…)</c>, like stdin.</summary>
    private async Task<PostSource> OpenFileAsync(string file, ServerLimits limits, CancellationToken cancel)
    {
        var label = LocalFiles.NameOf(file);
        var path = PathOf(file);
        if (FileKind.IsRegularOrNone(path))
        {
            return Check(label, LocalFiles.Try(file, () => MediaUpload.FromFile(path)) with { FileName = Path.GetFileName(file) }, limits);
        }
        // Opening a pipe blocks until somebody writes to it.
        var opened = await Task.Run(
                () => LocalFiles.Try(file, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0)),
                CancellationToken.None
            )
            .WaitAsync(cancel)
            .ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            return await SpoolAsync(label, opened, limits, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>A path that opens the file. A name that is not UTF-8 is opened by its bytes, and its path is that of the descriptor.</summary>
    private string PathOf(string file)
    {
        if (!OperatingSystem.IsLinux() || !RawArguments.MayHaveLost(file) || File.Exists(file))
        {
            return file;
        }
        var occurrence = _seen.GetValueOrDefault(file);
        _seen[file] = occurrence + 1;
        if (RawArguments.Find(file, occurrence) is not { } found)
        {
            return file;
        }
        _found.Add(found);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)found.DangerousGetHandle()}");
    }

    /// <summary>Buffers the input in a private temporary file, because a retry sends it again.</summary>
    private async Task<PostSource> SpoolAsync(string label, Stream input, ServerLimits limits, CancellationToken cancel)
    {
        var most = new[] { limits.ImageBytes, limits.VideoBytes, limits.AudioBytes, limits.RecordingBytes, limits.TextBytes }.Max();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        var spool = new FileStream(path, options);
        _spooled.Add(spool);
        var buffer = new byte[128 * 1024];
        int read;
        // After an interrupt, a read may still be waiting for input.
        while ((read = await input.ReadAsync(buffer, cancel).AsTask().WaitAsync(cancel).ConfigureAwait(false)) > 0)
        {
            await spool.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            if (spool.Length > most)
            {
                throw UploadFile.TooLarge(label, "more than", spool.Length, most);
            }
        }
        await spool.FlushAsync(cancel).ConfigureAwait(false);
        return Check(label, MediaUpload.FromFile(path) with { FileName = null }, limits);
    }

    private static PostSource Check(string label, MediaUpload media, ServerLimits limits)
    {
        var file = LocalFiles.Try(label, () => UploadFile.Look(label, media, limits));
        return file.Text is { } text
            ? new(label, null, text, media.FileName) { LeftOut = file.LeftOut }
            : new(label, media, Kind: file.Kind);
    }
}
