using System.Globalization;

namespace StoriesCli.Cli;

/// <summary>Writes sizes and times as people read them.</summary>
internal static class Sizes
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
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || amount >= 100 ? Math.Floor(amount) : Math.Floor(amount * 10) / 10)} {Units[unit]}");
    }

    /// <summary>The largest whole unit: <c>45s</c>, <c>12m</c>, <c>2h</c>, <c>3d</c>.</summary>
    public static string Format(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}m",
        { TotalDays: < 2 } => $"{(int)time.TotalHours}h",
        _ => $"{(int)time.TotalDays}d",
    };
}
