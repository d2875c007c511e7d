namespace StoriesCli.Server.Storage;

/// <summary>Makes ULIDs in lower case. Each is greater than the one before, even within one millisecond and when the clock steps back.</summary>
internal sealed class Ids(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Ulid _last;

    public string Next()
    {
        lock (_gate)
        {
            var next = Ulid.NewUlid(time.GetUtcNow());
            _last = next.CompareTo(_last) > 0 ? next : Successor(_last);
            return _last.ToString().ToLowerInvariant();
        }
    }

    private static Ulid Successor(Ulid id)
    {
        var bytes = id.ToByteArray();
        for (var i = bytes.Length - 1; ++bytes[i] == 0; i--) { }
        return new(bytes);
    }
}
