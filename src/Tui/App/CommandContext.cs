namespace StoriesCli.Tui.App;

/// <summary>What a command may use.</summary>
internal sealed class CommandContext(TuiOptions options, TimeZoneInfo zone, int number, Action<Msg> post)
{
    public TuiOptions Options => options;

    public ApiClient Client => options.Client;

    /// <summary>The viewer's time zone.</summary>
    public TimeZoneInfo Zone => zone;

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now => options.Clock.GetUtcNow() + options.Client.ClockOffset;

    /// <summary>Reports a transfer of this many bytes to <see cref="Command.Progress"/>.</summary>
    public IProgress<long> Transfer(long total) =>
        new TransferRate(total, options.Clock, transfer => post(new CommandMsg.Progressed(number, transfer)));

    /// <summary>The absolute path of one as people write it, and as terminals paste a file that is dropped on them.</summary>
    public string FullPath(string written)
    {
        var plain = written.Trim().Trim('\'', '"');
        return plain.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), plain[2..])
            : Path.Combine(Path.GetFullPath(options.Folder), plain);
    }
}
