namespace StoriesCli.Server.Features.Media.Formats;

/// <summary>The parts of a file that its kept tracks play. All other bytes of its media data can be zeroed.</summary>
internal sealed class IsoExtents(FileBytes file)
{
    private const int Most = 200_000;

    private List<(long Start, long End)> _parts = [];

    public bool IsEmpty => _parts.Count == 0;

    /// <param name="start">Offset in the file. Bytes outside the file are ignored.</param>
    /// <param name="bytes">Length of the part.</param>
    /// <exception cref="MediaRefusedException">There are more than 200,000 separate parts.</exception>
    public void Add(long start, long bytes)
    {
        if (start < 0 || start >= file.Length || bytes <= 0)
            return;
        var end = bytes > file.Length - start ? file.Length : start + bytes;
        if (_parts.Count > 0 && _parts[^1].End == start)
            _parts[^1] = (_parts[^1].Start, end);
        else if (_parts.Count == Most)
            throw file.Broken($"its tracks have more than {Most:N0} parts");
        else
            _parts.Add((start, end));
    }

    /// <summary>Sorts and merges the parts. Call it before the first gap is asked for.</summary>
    public void Seal()
    {
        _parts.Sort();
        var merged = new List<(long Start, long End)>();
        foreach (var part in _parts)
            if (merged.Count > 0 && merged[^1].End >= part.Start)
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, part.End));
            else
                merged.Add(part);
        _parts = merged;
    }

    /// <summary>Fills bytes between two offsets with zeros where no part covers them.</summary>
    public void ZeroGaps(long start, long end, FileEdits edits)
    {
        var next = _parts.BinarySearch((start, 0));
        next = next < 0 ? ~next : next;
        // The previous part may extend into the range.
        if (next > 0 && _parts[next - 1].End > start)
            start = _parts[next - 1].End;
        for (; start < end && next < _parts.Count && _parts[next].Start < end; next++)
        {
            if (_parts[next].Start > start)
                edits.Overwrite(start, [], _parts[next].Start - start);
            start = _parts[next].End;
        }
        if (start < end)
            edits.Overwrite(start, [], end - start);
    }
}
