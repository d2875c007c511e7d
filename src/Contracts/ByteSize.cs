using System.Globalization;

namespace StoriesCli.Contracts;

/// <summary>Numbers of bytes for people.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Rounded down, with a decimal below 100: <c>734 B</c>, <c>1.5 MiB</c>, <c>512 GiB</c>.</summary>
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
}
