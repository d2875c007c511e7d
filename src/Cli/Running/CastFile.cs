using System.Globalization;
using System.Text;
using System.Text.Json;
using StoriesCli.Client;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Running;

/// <summary>
/// A recording's events on the disk while the command runs. Two files take turns, so that a command that writes for days keeps its end and
/// never needs more than twice the limit; the recording itself is made of them when the limit of the server is known.
/// </summary>
internal sealed class CastFile : IDisposable
{
    private const int HeadBytes = 1024;
    private const string Resize = "\"r\",\"";

    private readonly string _folder;
    private readonly long _keptBytes;
    private readonly long _startedAt;
    private (int Columns, int Rows) _size;
    private FileStream _current;
    private FileStream? _previous;
    private long _dropped;

    /// <param name="parent">Where its folder is made, which only this user can open.</param>
    /// <param name="size">Of the terminal at the start.</param>
    /// <param name="keptBytes">What is kept of the end at least.</param>
    /// <param name="startedAt">Told in the recording.</param>
    public CastFile(string parent, (int Columns, int Rows) size, long keptBytes, DateTimeOffset startedAt)
    {
        _folder = Directory.CreateDirectory(Path.Combine(parent, "stories-run-" + Guid.NewGuid().ToString("n"))).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        (_size, _keptBytes, _startedAt) = (size, keptBytes, startedAt.ToUnixTimeSeconds());
        _current = Create("a");
    }

    /// <summary>Why it recorded no further, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Adds an event, a line of JSON. A disk that takes no more ends the recording, not the command.</summary>
    public void Add(string line)
    {
        if (Fault is not null)
        {
            return;
        }
        try
        {
            if (_current.Length >= _keptBytes)
            {
                Turn();
            }
            _current.Write(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception e) when (e is IOException || FileSizeSignal.IsCauseOf(e))
        {
            Fault = (e as IOException ?? FileSizeSignal.Explain()).Message;
        }
    }

    /// <summary>Makes the recording, of at most so many bytes: what does not fit is cut from its front.</summary>
    /// <returns>The file; it goes when this is disposed.</returns>
    public string Make(long mostBytes)
    {
        var path = Path.Combine(_folder, "recording.cast");
        _current.Flush();
        using var made = Create("recording.cast");
        var excess = (_previous?.Length ?? 0) + _current.Length + HeadBytes - mostBytes;
        var start = default(double?);
        foreach (var file in new[] { _previous, _current }.OfType<FileStream>())
        {
            file.Position = 0;
            using var lines = new StreamReader(file, new UTF8Encoding(false), false, 64 * 1024, leaveOpen: true);
            while (lines.ReadLine() is { } line)
            {
                var bytes = Encoding.UTF8.GetByteCount(line) + 1;
                if (excess > 0)
                {
                    excess -= bytes;
                    _dropped += bytes;
                    NoteSize(line);
                    continue;
                }
                if (!line.EndsWith(']'))
                {
                    // The disk was full in the middle of it.
                    continue;
                }
                var comma = line.IndexOf(',', StringComparison.Ordinal);
                var time = double.Parse(line.AsSpan(1, comma - 1), CultureInfo.InvariantCulture);
                if (start is null)
                {
                    start = _dropped > 0 ? time : 0;
                    WriteHead(made);
                }
                made.Write(
                    Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{time - start:0.000000}{line.AsSpan(comma)}\n"))
                );
            }
        }
        if (start is null)
        {
            WriteHead(made);
        }
        return path;
    }

    public void Dispose()
    {
        try
        {
            _previous?.Dispose();
            _current.Dispose();
        }
        catch (IOException)
        {
            // What a full disk did not take is not wanted any more.
        }
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // Somebody else's to clean: the system's folder for temporary files is.
        }
    }

    private void WriteHead(FileStream made)
    {
        using (var json = new Utf8JsonWriter(made))
        {
            // No environment: what it holds is nobody's business.
            json.WriteStartObject();
            json.WriteNumber("version", 2);
            json.WriteNumber("width", _size.Columns);
            json.WriteNumber("height", _size.Rows);
            json.WriteNumber("timestamp", _startedAt);
            json.WriteEndObject();
        }
        made.WriteByte((byte)'\n');
        if (_dropped > 0)
        {
            made.Write(
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"[0.000000,\"o\",\"\\u001b[2m(the first {Sizes.Format(_dropped)} are not in this recording)\\u001b[0m\\r\\n\"]\n"
                    )
                )
            );
        }
    }

    private void Turn()
    {
        if (_previous is not null)
        {
            _dropped += _previous.Length;
            _previous.Position = 0;
            using var lines = new StreamReader(_previous, new UTF8Encoding(false), false, 64 * 1024, leaveOpen: true);
            while (lines.ReadLine() is { } line)
            {
                NoteSize(line);
            }
        }
        var next = _previous;
        _previous = _current;
        if (next is null)
        {
            _current = Create("b");
            return;
        }
        next.SetLength(0);
        _current = next;
    }

    /// <summary>A recording that begins later has the size that the terminal had then.</summary>
    private void NoteSize(string line)
    {
        var comma = line.IndexOf(',', StringComparison.Ordinal) + 1;
        if (line.AsSpan(comma).StartsWith(Resize) && line[(comma + Resize.Length)..^2].Split('x') is [var columns, var rows])
        {
            _size = (int.Parse(columns, CultureInfo.InvariantCulture), int.Parse(rows, CultureInfo.InvariantCulture));
        }
    }

    private FileStream Create(string name)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 16 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return new(Path.Combine(_folder, name), options);
    }
}
