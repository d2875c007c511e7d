using System.Diagnostics;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media.Formats;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Converts HEIC images to JPEG with a separate program. Its time, memory and output are limited, and it knows nothing of this server.</summary>
/// <remarks>At most two run at once, each for at most twenty seconds (by default).</remarks>
internal sealed class HeicConverter(
    HeicChoice choice,
    DataDirectory directory,
    MediaLimits limits,
    TimeProvider time,
    TimeSpan? timeLimit = null
) : IDisposable
{
    private const int AtOnce = 2,
        WaitingMaximum = 16;
    public const long MemoryBytes = 1L << 30;
    private const int CopyBytes = 256 * 1024;

    // The second is for an image whose JPEG at the first exceeds the size limit.
    private static readonly int[] Qualities = [90, 75];

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _timeLimit = timeLimit ?? TimeSpan.FromSeconds(20);
    private int _under;

    /// <summary>Why HEIC is not accepted, and how to convert it; null when it is accepted.</summary>
    public string? Refusal => choice.Refusal;

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _places.Dispose();
    }

    /// <summary>Whether the file is HEIC, by its first bytes.</summary>
    public static bool IsHeic(IncomingFile file)
    {
        var head = new byte[Math.Min(file.Bytes, MediaInspector.GuessBytes)];
        return file.Read(head, 0) == head.Length && HeifBrands.Name(head) == HeifBrands.Heic;
    }

    /// <summary>Replaces a HEIC file by a JPEG of its primary image: upright, and without metadata.</summary>
    /// <exception cref="MediaRefusedException">It is broken, a sequence, or cannot be converted within the limits.</exception>
    /// <exception cref="MediaTooLargeException">It has too many pixels, or its JPEG too many bytes.</exception>
    /// <exception cref="ApiProblem"><c>unavailable</c>: too many wait.</exception>
    public async Task ConvertAsync(IncomingFile file, CancellationToken cancel)
    {
        if (Refusal is { } refusal)
            throw new MediaRefusedException($"The file is {HeifBrands.Heic}. {refusal}");
        var shown = LeavePrimary(file);
        if (Interlocked.Increment(ref _under) > AtOnce + WaitingMaximum)
        {
            Interlocked.Decrement(ref _under);
            throw new ApiProblem(Errors.ServerUnavailable, $"{WaitingMaximum} HEIC pictures wait to be converted already")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
        try
        {
            await _places.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                await ConvertInPlaceAsync(file, shown, cancel).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _under);
        }
    }

    /// <summary>Reduces the file to its primary image, and returns the size at which it is shown.</summary>
    private (int Width, int Height) LeavePrimary(IncomingFile file)
    {
        using var bytes = new FileBytes(file.Handle, file.Bytes) { Format = HeifBrands.Heic };
        var heif = Heif.Read(bytes);
        var (width, height) = heif.ShownSize();
        limits.CheckPixels(new(width, height, 1, ExifOrientation.Upright));
        var edits = new FileEdits(bytes);
        HeicPrimary.Only(heif, edits);
        if (edits.Apply(file.Handle) is { Changed: true } changed)
            file.NoteRewritten(changed.Length);
        return (width, height);
    }

    private async Task ConvertInPlaceAsync(IncomingFile file, (int Width, int Height) shown, CancellationToken cancel)
    {
        // With more than one image in the file, the program would append a number to each name.
        var name = Guid.NewGuid().ToString("N");
        var target = Path.Combine(directory.TemporaryPath, name + ".jpg");
        try
        {
            foreach (var quality in Qualities)
            {
                await RunAsync(file.Path, target, quality, cancel).ConfigureAwait(false);
                var made = Directory.GetFiles(directory.TemporaryPath, name + "*");
                if (made.Length > 1)
                    throw new MediaRefusedException(
                        "The HEIC picture cannot be converted: its converter sees more than one picture in it. Save it as JPEG."
                    );
                if (made is not [var only] || only != target)
                    throw new MediaRefusedException("The HEIC picture cannot be converted: its converter made nothing of it.");
                if (new FileInfo(target).Length > limits.ImageBytes && quality != Qualities[^1])
                    continue;
                Take(target, file, shown);
                return;
            }
        }
        finally
        {
            foreach (var left in Directory.EnumerateFiles(directory.TemporaryPath, name + "*"))
                File.Delete(left);
        }
    }

    private void Take(string made, IncomingFile file, (int Width, int Height) shown)
    {
        using var jpeg = File.OpenHandle(made, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(jpeg);
        limits.CheckBytes(StoryKinds.Image, length);
        using (var bytes = new FileBytes(jpeg, length) { Format = "a JPEG picture" })
        {
            var shape = Jpeg.Inspect(bytes);
            // The converter has already rotated the pixels. An orientation that it passed on would rotate them again.
            if ((shape.Width, shape.Height) != shown)
                throw new MediaRefusedException(
                    $"The HEIC picture says it has {shown.Width} × {shown.Height} pixels, but its converter sees {shape.Width} × {shape.Height}."
                );
            var edits = new FileEdits(bytes);
            Jpeg.FindMetadata(bytes, edits, keepOrientation: false);
            (length, _) = edits.Apply(jpeg);
        }
        var buffer = new byte[CopyBytes];
        RandomAccess.SetLength(file.Handle, 0);
        var at = 0L;
        for (int read; (read = RandomAccess.Read(jpeg, buffer, at)) > 0; at += read)
            RandomAccess.Write(file.Handle, buffer.AsSpan(0, read), at);
        file.NoteRewritten(length);
    }

    private async Task RunAsync(string source, string target, int quality, CancellationToken cancel)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(_timeLimit.TotalSeconds));
        string[] arguments =
        [
            $"--as={MemoryBytes}",
            $"--cpu={seconds}",
            $"--fsize={4 * limits.ImageBytes}",
            "--core=0",
            "--",
            choice.Path!,
            "-q",
            quality.ToString(CultureInfo.InvariantCulture),
            source,
            target,
        ];
        var start = new ProcessStartInfo(choice.Limiter!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        // An arena for each of its threads would use up its address space.
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        using var limit = new CancellationTokenSource(_timeLimit, time);
        using var process = Start(start);
        using var atLimit = limit.Token.Register(() => Kill(process));
        using var atCancel = cancel.Register(() => Kill(process));
        using var atEnd = _end.Token.Register(() => Kill(process));
        process.StandardInput.Close();
        await Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None),
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None)
            )
            .ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);

        cancel.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested)
            throw new MediaRefusedException($"The HEIC picture takes longer than {_timeLimit.TotalSeconds:0.#} s to convert.");
        if (process.ExitCode != 0)
            throw new MediaRefusedException(
                "The HEIC picture cannot be converted: it is damaged, or takes more than its converter may use. Save it as JPEG."
            );
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ApiProblem(Errors.ServerUnavailable, "the server's converter of HEIC pictures could not be started")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            };
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has already ended.
        }
    }
}
