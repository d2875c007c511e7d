using System.Buffers.Binary;

namespace StoriesCli.Tui.Terminal;

/// <summary>Reads what the system's descriptions of terminals say: the compiled files of term(5).</summary>
internal static class Terminfo
{
    private const int HeaderBytes = 12,
        ColoursAt = 13,
        BytesMaximum = 64 * 1024;

    /// <summary>How many colours a terminal has; -1: none; null: it is not described here.</summary>
    public static int? Colours(string term, Func<string, string?> environment)
    {
        if (term.Length == 0 || term.AsSpan().ContainsAny('/', '\0') || term[0] == '.')
        {
            return null;
        }
        string?[] folders =
        [
            environment("TERMINFO"),
            environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".terminfo") : null,
            .. environment("TERMINFO_DIRS")?.Split(':') ?? [],
            "/etc/terminfo",
            "/lib/terminfo",
            "/usr/share/terminfo",
            "/usr/lib/terminfo",
            "/usr/local/share/terminfo",
        ];
        // macOS names the folders by the letter's number.
        foreach (
            var file in folders
                .Where(folder => !string.IsNullOrEmpty(folder))
                .SelectMany(folder => new[] { Path.Combine(folder!, term[..1], term), Path.Combine(folder!, $"{(int)term[0]:x}", term) })
        )
        {
            try
            {
                if (File.Exists(file) && new FileInfo(file).Length <= BytesMaximum)
                {
                    return Colours(File.ReadAllBytes(file));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // As if it were not there.
            }
        }
        return null;
    }

    /// <summary>Null where it is no such file.</summary>
    public static int? Colours(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes)
        {
            return null;
        }
        var width = Short(file, 0) switch
        {
            0x011A => 2,
            0x021E => 4,
            _ => 0,
        };
        var (names, flags, numbers) = (Short(file, 2), Short(file, 4), Short(file, 6));
        var start = HeaderBytes + names + flags;
        var at = start + start % 2 + ColoursAt * width;
        if (width == 0 || names < 0 || flags < 0 || at + width > file.Length)
        {
            return null;
        }
        return numbers <= ColoursAt ? -1 : Math.Max(-1, width == 2 ? Short(file, at) : BinaryPrimitives.ReadInt32LittleEndian(file[at..]));
    }

    private static short Short(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadInt16LittleEndian(file[at..]);
}
