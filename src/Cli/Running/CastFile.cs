using System.Globalization;
using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Cli.Running;

/// <summary>
/// Stores a recording's events on disk while the command runs. Two files alternate, so that a long command keeps its end and
/// never needs more than twice the limit. The recording is built from them once the server's limit is known.
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

    /// <param name="parent">Parent of its private folder.</param>
    /// <param name="size">Initial size of the terminal.</param>
    /// <param name="keptBytes">Minimum number of bytes kept from the end.</param>
    /// <param name="startedAt">Start time in the recording's header.</param>
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

    /// <summary>Why recording stopped, or null.</summary>
    public string? WriteError { get; private set; }

    /// <summary>Adds an event, a line of JSON. A full disk ends the recording, not the command.</summary>
    public void Add(string line)
    {
        if (WriteError is not null)
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
            WriteError = FileFault.Reason(e);
        }
    }

    /// <summary>Builds the recording with a maximum size, cutting its beginning.</summary>
    /// <returns>The file, deleted when this is disposed.</returns>
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
                    // The disk became full while writing it.
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
            // Unwritten data is discarded after the disk became full.
        }
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // The system cleans its temporary folder.
        }
    }

    private void WriteHead(FileStream made)
    {
        using (var json = new Utf8JsonWriter(made))
        {
            // The header has no environment, which may contain secrets.
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
                        $"[0.000000,\"o\",\"\\u001b[2m(the first {ByteSize.Format(_dropped)} are not in this recording)\\u001b[0m\\r\\n\"]\n"
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

    /// <summary>A cut recording starts with the terminal size at that time.</summary>
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
