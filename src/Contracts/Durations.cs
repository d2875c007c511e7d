using System.Globalization;
using System.Xml;

namespace StoriesCli.Contracts;

/// <summary>Durations as people and requests write them: <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c>, or ISO 8601 (<c>PT6H</c>).</summary>
public static class Durations
{
    /// <summary>Reads a duration; false for anything else, for negative ones, and for those too long to hold.</summary>
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
                duration = XmlConvert.ToTimeSpan(text);
                return duration >= TimeSpan.Zero;
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

    /// <summary>The shortest way to write a duration that <see cref="TryParse"/> reads, to the second: <c>24h</c>, <c>90s</c>.</summary>
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
}
