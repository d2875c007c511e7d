using System.Globalization;

namespace StoriesCli.Client;

/// <summary>Formats sizes and durations for people.</summary>
public static class Sizes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>734 B</c>, <c>1.5 MiB</c>.</summary>
    public static string Format(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (amount >= 1024 && unit < Units.Length - 1)
        {
            amount /= 1024;
            unit++;
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(unit == 0 || amount >= 100 ? Math.Floor(amount) : Math.Floor(amount * 10) / 10)} {Units[unit]}"
        );
    }

    /// <summary>Rounded to a suitable unit: <c>45s</c>, <c>12m</c>, <c>24h</c>, <c>3d</c>.</summary>
    public static string Format(TimeSpan time)
    {
        var seconds = Math.Max(0, Math.Round(time.TotalSeconds));
        var (minutes, hours, days) = (Math.Round(seconds / 60), Math.Round(seconds / 3600), Math.Round(seconds / 86400));
        return seconds < 60 ? $"{seconds}s"
            : minutes < 60 ? $"{minutes}m"
            : hours < 48 ? $"{hours}h"
            : $"{days}d";
    }
}
