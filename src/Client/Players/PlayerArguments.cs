using StoriesCli.Contracts;

namespace StoriesCli.Client.Players;

/// <summary>Builds a player's arguments.</summary>
internal static class PlayerArguments
{
    internal static readonly string[] MpvSafety = ["--ytdl=no", "--load-scripts=no", "--tls-verify=yes", "--image-display-duration=5"];

    public static bool IsMpv(Player player) => Path.GetFileNameWithoutExtension(player.Command[0]) == "mpv";

    public static bool WantsFile(Player player) => player.Command.Any(argument => argument.Contains("{file}", StringComparison.Ordinal));

    /// <summary>Whether mpv can be controlled over its socket, so that its arguments contain no link.</summary>
    public static bool IsLedOverSocket(Player player) =>
        MpvControl.IsPossible
        && IsMpv(player)
        && player.Command.All(argument => argument is "{url}" || !(argument.Contains("{url}") || argument.Contains("{file}")));

    /// <summary>Program and arguments for one story.</summary>
    /// <param name="player">Its template.</param>
    /// <param name="address">Signed link; added after <c>--</c> if the template does not name it.</param>
    /// <param name="file">File with the media, if the template asks for one.</param>
    /// <param name="title">Text from others: cleaned here, and never an option.</param>
    public static string[] Fill(Player player, string address, string? file, string title)
    {
        var named = player.Command.Any(argument => argument.Contains("{url}") || argument.Contains("{file}"));
        return
        [
            .. Begin(player),
            .. player.Command.Skip(1).Select(argument => Replace(argument, title, address, file)),
            .. named ? [] : new[] { "--", address },
        ];
    }

    /// <summary>Program and arguments for an mpv that is controlled over <paramref name="socket"/>.</summary>
    public static string[] FillForSocket(Player player, string title, string socket) =>
        [
            .. Begin(player),
            "--idle=once",
            $"--input-ipc-server={socket}",
            .. player
                .Command.Skip(1)
                .Where(argument => argument is not ("{url}" or "--"))
                .Select(argument => Replace(argument, title, "", "")),
        ];

    private static string[] Begin(Player player) =>
        [
            player.Command[0],
            .. IsMpv(player) ? MpvSafety : [],
            // Otherwise mpv reads keys from the terminal, even with closed input.
            .. IsMpv(player) && !player.Terminal ? new[] { "--input-terminal=no" } : [],
        ];

    private static string Replace(string argument, string title, string address, string? file)
    {
        var words = CleanText.OneLine(title);
        var harmless = argument.StartsWith("{title}", StringComparison.Ordinal) ? words.TrimStart('-', '+', ' ') : words;
        // The title last, so that its text is never a placeholder.
        return argument
            .Replace("{url}", address, StringComparison.Ordinal)
            .Replace("{file}", file, StringComparison.Ordinal)
            .Replace("{title}", harmless, StringComparison.Ordinal);
    }
}
