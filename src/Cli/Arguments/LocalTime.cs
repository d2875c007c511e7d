using System.Globalization;

namespace StoriesCli.Cli.Arguments;

/// <summary>Times on the command line. A time without a zone is local; the server does not accept such times.</summary>
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

    /// <summary>The value of <c>--since</c> for the server: local times become UTC; the server validates everything else.</summary>
    public static string? ReadSince(Session session, string? text) =>
        text is not null && Parse(text, session.Context.Zone, isEnd: false) is { } instant ? Write(instant) : text;

    /// <summary>Null if the text is not a time.</summary>
    /// <param name="text">A date, which means its start, or a time with or without a zone.</param>
    /// <param name="zone">The zone of a time without one.</param>
    /// <param name="isEnd">Whether an hour that occurs twice, when clocks go back, means the second one.</param>
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
        // In the hour that is skipped when clocks go forward, 02:30 becomes 03:30.
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
