using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StoriesCli.Client.Players;

/// <summary>
/// Pictures of a video, decoded by mpv: all of one size, 15 a second, without sound. The reader sets the pace, because mpv stops while its
/// pipe is full.
/// </summary>
public sealed class MpvFrames : IDisposable
{
    /// <summary>Pictures a second of the video's time.</summary>
    public const int Rate = 15;

    private const int BytesPerPixel = 3;

    // mpv would read far ahead of a viewer who may go on at any time.
    private const string ReadAhead = "--demuxer-max-bytes=8MiB";

    /// <summary>mpv has to connect and to go to the place before the first picture.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _mpv;

    private MpvFrames(Process mpv) => _mpv = mpv;

    /// <summary>Starts mpv.</summary>
    /// <param name="program">mpv's name or path.</param>
    /// <param name="address">Signed link to the video. It goes through mpv's input, since others can read arguments.</param>
    /// <param name="width">Of each picture, in pixels.</param>
    /// <param name="height">Of each picture, in pixels.</param>
    /// <param name="from">Where to begin in the video.</param>
    /// <exception cref="PlayerException">mpv cannot be started.</exception>
    public static MpvFrames Start(string program, string address, int width, int height, TimeSpan from)
    {
        var start = ChildEnvironment.Piped(
            program,
            [
                "--no-config",
                "--really-quiet",
                .. PlayerArguments.MpvSafety,
                "--input-terminal=no",
                "--no-audio",
                "--sid=no",
                "--hr-seek=yes",
                ReadAhead,
                string.Create(CultureInfo.InvariantCulture, $"--start={Math.Max(0, from.TotalSeconds):0.###}"),
                string.Create(CultureInfo.InvariantCulture, $"--vf=scale={width}:{height},format=rgb24,fps={Rate}"),
                "--o=-",
                "--of=rawvideo",
                "--ovc=rawvideo",
                "--playlist=-",
            ]
        );
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        ChildEnvironment.KeepLoopbackDirect(start.Environment);
        Process mpv;
        try
        {
            mpv = Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException or InvalidOperationException)
        {
            throw new PlayerException($"The player {program} cannot be started: {e.Message}", e);
        }
        // Its messages are of no use here, but mpv would stop at a full pipe.
        mpv.ErrorDataReceived += (_, _) => { };
        mpv.BeginErrorReadLine();
        try
        {
            mpv.StandardInput.WriteLine(address);
            mpv.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already. Reading from it says so.
        }
        return new(mpv);
    }

    /// <summary>Reads the next picture: red, green and blue bytes, line by line.</summary>
    /// <param name="picture">3 bytes for each pixel, to be filled.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>False when there is no further one.</returns>
    /// <exception cref="PlayerException">mpv failed, or no picture came for 20 s.</exception>
    public async Task<bool> ReadAsync(Memory<byte> picture, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        try
        {
            var read = await _mpv
                .StandardOutput.BaseStream.ReadAtLeastAsync(picture, picture.Length, throwOnEndOfStream: false, late.Token)
                .ConfigureAwait(false);
            if (read == picture.Length)
            {
                return true;
            }
            await _mpv.WaitForExitAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PlayerException($"mpv sent no picture for {Patience.TotalSeconds:0} s.");
        }
        return _mpv.ExitCode == 0 ? false : throw new PlayerException("mpv could not play it.");
    }

    /// <summary>Bytes of a picture of this size.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static int BytesOf(int width, int height) => width * height * BytesPerPixel;

    /// <summary>Ends mpv.</summary>
    public void Dispose()
    {
        try
        {
            _mpv.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _mpv.Dispose();
    }
}
