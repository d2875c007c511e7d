namespace StoriesCli.Server.Storage;

/// <summary>Which rows of a collection to read: a page in the order of the ids.</summary>
/// <param name="After">Only ids greater than this.</param>
/// <param name="Before">Only ids smaller than this.</param>
/// <param name="LastFirst">Whether the greatest id comes first. For ULIDs that is the newest.</param>
internal sealed record RowRange(string? After = null, string? Before = null, bool LastFirst = false)
{
    public const int LimitMaximum = 200;

    private readonly int _limit = LimitMaximum;

    /// <summary>At most 200: the writer thread reads them, and commits wait for it.</summary>
    public int Limit
    {
        get => _limit;
        init =>
            _limit = value is >= 1 and <= LimitMaximum
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"A page has 1 to {LimitMaximum} rows.");
    }
}
