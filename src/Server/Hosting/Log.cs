namespace StoriesCli.Server.Hosting;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "What the writer before this server left unfinished could not be resumed")]
    public static partial void NotResumed(ILogger log, Exception e);

    [LoggerMessage(300, LogLevel.Information, "stories-server {Version} listens on {Urls}; data in {Data}; {Stories} {Noun}")]
    public static partial void Started(ILogger log, string version, string urls, string data, int stories, string noun);

    [LoggerMessage(
        301,
        LogLevel.Warning,
        "{Address} can be reached from other machines without TLS: tokens and stories travel readable. Use --tls-certificate and --tls-key, or a proxy with TLS named in --trusted-proxy"
    )]
    public static partial void OpenWithoutTls(ILogger log, string address);

    [LoggerMessage(302, LogLevel.Information, "There is no account yet. Become the owner with: stories join {Url} --handle NAME < {File}")]
    public static partial void JoinAsOwner(ILogger log, string url, string file);

    [LoggerMessage(310, LogLevel.Warning, "There will be no posters of videos: {Lack}")]
    public static partial void NoFfmpeg(ILogger log, string lack);

    [LoggerMessage(
        320,
        LogLevel.Error,
        "The disk of {Data} is full. Only deletions and expiry are written, into {Held} of {Reserve} reserved bytes. Free some space: the server goes on by itself"
    )]
    public static partial void DiskFull(ILogger log, string data, long held, long reserve);

    [LoggerMessage(321, LogLevel.Warning, "The disk of {Data} is no longer full: the reserve is whole again, and {Free} bytes are free")]
    public static partial void DiskHasRoom(ILogger log, string data, long free);

    [LoggerMessage(
        322,
        LogLevel.Warning,
        "The disk of {Data} has {Free} bytes free, which is below the floor of {Floor} (--disk-floor): nothing more is taken in"
    )]
    public static partial void BelowFloor(ILogger log, string data, long free, long floor);

    [LoggerMessage(
        323,
        LogLevel.Warning,
        "The disk of {Data} has {Free} bytes free, which is above the floor of {Floor} again: stories are taken in"
    )]
    public static partial void AboveFloor(ILogger log, string data, long free, long floor);

    [LoggerMessage(
        324,
        LogLevel.Warning,
        "The certificate in {File} ends on {End:yyyy-MM-dd HH:mm} UTC, in {Days} {Noun}: renew it, the server reads the new one by itself"
    )]
    public static partial void CertificateEnds(ILogger log, string file, DateTime end, int days, string noun);

    [LoggerMessage(
        325,
        LogLevel.Error,
        "The certificate in {File} ended on {End:yyyy-MM-dd HH:mm} UTC: clients refuse the server until it is renewed"
    )]
    public static partial void CertificateEnded(ILogger log, string file, DateTime end);

    [LoggerMessage(312, LogLevel.Warning, "HEIC pictures will be refused: {Lack}")]
    public static partial void NoHeic(ILogger log, string lack);

    [LoggerMessage(311, LogLevel.Warning, "Pictures cannot be decoded, and are accepted without that check: {Reason}")]
    public static partial void NoPictures(ILogger log, string reason);

    [LoggerMessage(
        307,
        LogLevel.Warning,
        "The data directory {Data} had the mode {Mode}, and is closed to all but the server's own account now"
    )]
    public static partial void DirectoryClosed(ILogger log, string data, string mode);

    [LoggerMessage(326, LogLevel.Information, "Took a backup: {Place}, {Bytes} bytes")]
    public static partial void BackupKept(ILogger log, string place, long bytes);

    [LoggerMessage(327, LogLevel.Error, "The backup failed and is tried again at {Next:yyyy-MM-dd HH:mm} UTC: {Reason}")]
    public static partial void BackupFailed(ILogger log, string reason, DateTime next);

    [LoggerMessage(308, LogLevel.Warning, "A backup was sent whole, and the audit trail does not show it: {Reason}")]
    public static partial void BackupNotNoted(ILogger log, string reason);

    [LoggerMessage(303, LogLevel.Critical, "The database failed and could not be opened again; the server ends")]
    public static partial void DatabaseFailed(ILogger log, Exception exception);

    [LoggerMessage(304, LogLevel.Information, "The certificate in {File} was reloaded")]
    public static partial void CertificateReloaded(ILogger log, string file);

    [LoggerMessage(
        305,
        LogLevel.Warning,
        "The certificate in {File} has changed and cannot be read, so the previous one stays in use: {Reason}"
    )]
    public static partial void CertificateNotReloaded(ILogger log, string file, string reason);

    [LoggerMessage(
        306,
        LogLevel.Warning,
        "The path {Data} is too long for a socket in it: the host's own commands work only while the server is stopped"
    )]
    public static partial void NoSocket(ILogger log, string data);

    [LoggerMessage(
        409,
        LogLevel.Warning,
        "Links in answers lead to {Address}, and {Sign} that requests come through a proxy or by another address: set --base-url to the address that people use, or --trusted-proxy to the proxy"
    )]
    public static partial void LinksLeadElsewhere(ILogger log, string address, string sign);

    [LoggerMessage(
        412,
        LogLevel.Warning,
        "Links in answers lead to {Address}, where the trusted proxy reaches this server, and not people: set --base-url to the address that people use, or let the proxy send it as Host or X-Forwarded-Host"
    )]
    public static partial void LinksLeadToUs(ILogger log, string address);

    [LoggerMessage(330, LogLevel.Warning, "Changes that come to this server are refused, because the server that writes {Fault}")]
    public static partial void WriterRefuses(ILogger log, string fault);
}
