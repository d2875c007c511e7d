using System.Globalization;
using System.Text.RegularExpressions;

namespace StoriesCli.Contracts;

/// <summary>Durations as people and requests write them: <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c>, or ISO 8601 (<c>PT6H</c>).</summary>
public static partial class Durations
{
    // Months and years have no fixed length, so they are not accepted.
    [GeneratedRegex(
        @"^P(?!\z)(?:(?<w>\d{1,9}(?:[.,]\d{1,9})?)W|(?:(?<d>\d{1,9}(?:[.,]\d{1,9})?)D)?(?:T(?!\z)(?:(?<h>\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(?<m>\d{1,9}(?:[.,]\d{1,9})?)M)?(?:(?<s>\d{1,12}(?:[.,]\d{1,9})?)S)?)?)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Iso();

    /// <summary>Reads a duration. Returns false for anything else, for months and years of ISO 8601, and for durations that are too long for a TimeSpan.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }
        try
        {
            if (text[0] == 'P')
            {
                return TryParseIso(text, out duration);
            }
            if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }
            TimeSpan? unit = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            };
            duration = unit is null ? TimeSpan.Zero : TimeSpan.FromTicks(checked(unit.Value.Ticks * count));
            return unit is not null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>Whether the text is a number of seconds, minutes, hours or days that is too long for a TimeSpan.</summary>
    public static bool IsTooLong(string? text) =>
        text is [.. { Length: > 0 } count, 's' or 'm' or 'h' or 'd'] && count.All(char.IsAsciiDigit) && !TryParse(text, out _);

    private static bool TryParseIso(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = Iso().Match(text);
        if (!match.Success)
        {
            return false;
        }
        decimal Ticks(string part, long ticksEach) =>
            match.Groups[part] is { Success: true } group
                ? decimal.Parse(group.Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * ticksEach
                : 0;
        var ticks =
            Ticks("w", 7 * TimeSpan.TicksPerDay)
            + Ticks("d", TimeSpan.TicksPerDay)
            + Ticks("h", TimeSpan.TicksPerHour)
            + Ticks("m", TimeSpan.TicksPerMinute)
            + Ticks("s", TimeSpan.TicksPerSecond);
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads, to the second: <c>24h</c>, <c>90s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        return seconds switch
        {
            > 0 when seconds % 86400 == 0 && seconds != 86400 => $"{seconds / 86400}d",
            > 0 when seconds % 3600 == 0 => $"{seconds / 3600}h",
            > 0 when seconds % 60 == 0 => $"{seconds / 60}m",
            _ => $"{seconds}s",
        };
    }

    /// <summary>Rounded to a suitable unit, for people: <c>45s</c>, <c>12m</c>, <c>24h</c>, <c>3d</c>. A negative time counts as none.</summary>
    public static string FormatRounded(TimeSpan time)
    {
        var seconds = Math.Max(0, Math.Round(time.TotalSeconds));
        var (minutes, hours, days) = (Math.Round(seconds / 60), Math.Round(seconds / 3600), Math.Round(seconds / 86400));
        return seconds < 60 ? $"{seconds}s"
            : minutes < 60 ? $"{minutes}m"
            : hours < 48 ? $"{hours}h"
            : $"{days}d";
    }
}
