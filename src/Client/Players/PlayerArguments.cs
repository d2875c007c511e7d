using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Fills a player's template.</summary>
internal static class PlayerArguments
{
    private static readonly string[] MpvSafety =
        ["--ytdl=no", "--load-scripts=no", "--tls-verify=yes", "--image-display-duration=5"];

    public static bool IsMpv(Player player) => Path.GetFileNameWithoutExtension(player.Command[0]) == "mpv";

    public static bool WantsFile(Player player) => player.Command.Any(argument => argument.Contains("{file}", StringComparison.Ordinal));

    /// <summary>Program and arguments for one story.</summary>
    /// <param name="player">Its template.</param>
    /// <param name="address">Signed address; stands after <c>--</c> when the template does not name it.</param>
    /// <param name="file">The media on the disk, when the template asks for them.</param>
    /// <param name="title">Text of other people: cleaned here, and never an option.</param>
    /// <param name="ipcSocket">Where mpv shall listen, or null.</param>
    public static string[] Fill(Player player, string address, string? file, string title, string? ipcSocket)
    {
        var words = CleanText.OneLine(title);
        var given = player.Command.Skip(1).Select(argument => argument
            .Replace("{url}", address, StringComparison.Ordinal)
            .Replace("{file}", file, StringComparison.Ordinal)
            .Replace("{title}", argument.StartsWith("{title}", StringComparison.Ordinal) ? words.TrimStart('-', '+', ' ') : words, StringComparison.Ordinal));
        var named = player.Command.Any(argument => argument.Contains("{url}", StringComparison.Ordinal) || argument.Contains("{file}", StringComparison.Ordinal));
        return
        [
            player.Command[0],
            .. IsMpv(player) ? MpvSafety : [],
            // mpv takes its keys from the terminal behind our back otherwise, even with its input closed.
            .. IsMpv(player) && !player.Terminal ? new[] { "--input-terminal=no" } : [],
            .. ipcSocket is null ? [] : new[] { $"--input-ipc-server={ipcSocket}" },
            .. given,
            .. named ? [] : new[] { "--", address },
        ];
    }
}
