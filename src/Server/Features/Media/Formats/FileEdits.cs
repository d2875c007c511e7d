using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>Replaces <paramref name="Removed"/> bytes at <paramref name="Offset"/> by <paramref name="Inserted"/> and then <paramref name="Zeros"/> zeros.</summary>
internal readonly record struct FileEdit(long Offset, long Removed, byte[] Inserted, long Zeros = 0)
{
    public long Added => Inserted.Length + Zeros;
}

/// <summary>Edits of one file. None makes it longer, so all are applied in place, from the front. Add them in any order, without overlap.</summary>
internal sealed class FileEdits(FileBytes bytes)
{
    private const int Most = 200_000;
    private const int ChunkBytes = 256 * 1024;

    private readonly List<FileEdit> _edits = [];
    private bool _moves;
    private long _end = bytes.Length;

    public void Remove(long offset, long count)
    {
        if (count <= 0)
            return;
        if (_edits.Count > 0 && _edits[^1] is { Inserted.Length: 0, Zeros: 0 } last && last.Offset + last.Removed == offset)
            _edits[^1] = last with { Removed = last.Removed + count };
        else
            Add(new FileEdit(offset, count, []));
        _moves = true;
    }

    public void Overwrite(long offset, byte[] with, long zeros = 0) => Add(new FileEdit(offset, with.Length + zeros, with, zeros));

    /// <summary>Fills the bytes between two offsets with zeros, if there are any.</summary>
    public void Zero(long from, long to)
    {
        if (to > from)
            Overwrite(from, [], to - from);
    }

    public void Replace(long offset, long removed, byte[] with)
    {
        Add(new FileEdit(offset, removed, with));
        _moves |= removed != with.Length;
    }

    /// <summary>Truncates the file at an offset. For files in which nothing moves.</summary>
    public void Cut(long end) => _end = Math.Min(_end, end);

    /// <summary>Applies the edits. Returns the file's new length, and whether any byte changed.</summary>
    public (long Length, bool Changed) Apply(SafeFileHandle file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            if (_moves)
                return Compact(file, buffer);
            var changed = OverwriteAll(file, buffer) | _end < bytes.Length;
            if (_end < bytes.Length)
                RandomAccess.SetLength(file, _end);
            return (_end, changed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Add(FileEdit edit)
    {
        if (_edits.Count >= Most)
            throw bytes.Broken($"it has more than {Most} places of metadata");
        _edits.Add(edit);
    }

    private bool OverwriteAll(SafeFileHandle file, byte[] buffer)
    {
        var changed = false;
        foreach (var edit in _edits)
        {
            changed |= Write(file, edit.Offset, edit.Inserted, buffer);
            changed |= WriteZeros(file, edit.Offset + edit.Inserted.Length, edit.Zeros, buffer);
        }
        return changed;
    }

    private (long Length, bool Changed) Compact(SafeFileHandle file, byte[] buffer)
    {
        _edits.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        long from = 0,
            to = 0;
        foreach (var edit in _edits)
        {
            to = Move(file, from, edit.Offset - from, to, buffer);
            from = edit.Offset + edit.Removed;
            if (to + edit.Added > from)
                throw new InvalidOperationException("An edit would overwrite bytes that are still to be read.");
            RandomAccess.Write(file, edit.Inserted, to);
            WriteZeros(file, to + edit.Inserted.Length, edit.Zeros, buffer);
            to += edit.Added;
        }
        to = Move(file, from, bytes.Length - from, to, buffer);
        RandomAccess.SetLength(file, to);
        return (to, true);
    }

    private static long Move(SafeFileHandle file, long from, long count, long to, byte[] buffer)
    {
        if (from == to)
            return to + count;
        while (count > 0)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(count, ChunkBytes)), from);
            if (read == 0)
                throw new EndOfStreamException();
            RandomAccess.Write(file, buffer.AsSpan(0, read), to);
            from += read;
            to += read;
            count -= read;
        }
        return to;
    }

    private static bool Write(SafeFileHandle file, long offset, byte[] with, byte[] buffer)
    {
        if (
            with.Length <= ChunkBytes
            && RandomAccess.Read(file, buffer.AsSpan(0, with.Length), offset) == with.Length
            && buffer.AsSpan(0, with.Length).SequenceEqual(with)
        )
            return false;
        RandomAccess.Write(file, with, offset);
        return true;
    }

    private static bool WriteZeros(SafeFileHandle file, long offset, long count, byte[] buffer)
    {
        var changed = false;
        for (var end = offset + count; offset < end; )
        {
            var part = buffer.AsSpan(0, (int)Math.Min(end - offset, ChunkBytes));
            var read = RandomAccess.Read(file, part, offset);
            if (read != part.Length || part.ContainsAnyExcept((byte)0))
            {
                part.Clear();
                RandomAccess.Write(file, part, offset);
                changed = true;
            }
            offset += part.Length;
        }
        return changed;
    }
}
