using System.Globalization;

namespace StoriesCli.Cli.Arguments;

/// <summary>Times on the command line. One without a zone is meant by the clock on the person's wall; the server takes no such times.</summary>
internal static class LocalTime
{
    private static readonly string[] WithZone = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private static readonly string[] WithoutZone =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mm",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>What <c>--since</c> says, as the server takes it: a time without a zone becomes one in UTC; all else it judges itself.</summary>
    public static string? ReadSince(Session session, string? text) =>
        text is not null && Parse(text, session.Around.Zone, isEnd: false) is { } instant ? Write(instant) : text;

    /// <summary>Null for what is no time.</summary>
    /// <param name="text">A date, which means its first moment, or a time, with a zone or without.</param>
    /// <param name="zone">Whose clock is meant where no zone is given.</param>
    /// <param name="isEnd">Of an hour that a clock shows twice, when it is set back, the second is meant, not the first: nothing is left out.</param>
    public static DateTimeOffset? Parse(string text, TimeZoneInfo zone, bool isEnd)
    {
        if (DateTime.TryParseExact(text, WithoutZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return At(local, zone, isEnd);
        }
        return DateTimeOffset.TryParseExact(text, WithZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : null;
    }

    private static DateTimeOffset? At(DateTime local, TimeZoneInfo zone, bool isEnd)
    {
        // An hour that a clock skips, when it is set forward, is counted on from before: what would have been 02:30 is 03:30.
        var offset = zone.IsAmbiguousTime(local)
            ? isEnd
                ? zone.GetAmbiguousTimeOffsets(local).Min()
                : zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.IsInvalidTime(local)
                ? zone.GetUtcOffset(local.AddDays(-1))
                : zone.GetUtcOffset(local);
        return local.Ticks - offset.Ticks is > 0 and var utc && utc <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(utc, TimeSpan.Zero)
            : null;
    }

    private static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
