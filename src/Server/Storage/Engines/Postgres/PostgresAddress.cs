using System.Globalization;
using Npgsql;

namespace StoriesCli.Server.Storage.Engines.Postgres;

/// <summary>A database in PostgreSQL, as the host names it. It has no password: that comes from <c>PGPASSFILE</c> or <c>PGPASSWORD</c>.</summary>
internal sealed class PostgresAddress
{
    private const string Form = "must be like postgres://USER@HOST:PORT/DATABASE";

    private const int ConnectSeconds = 5,
        HostsAtMost = 8,
        KeepAliveSeconds = 2,
        SeenCharacters = 80;

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresAddress(string text, NpgsqlConnectionStringBuilder settings) => (Text, _settings) = (text, settings);

    /// <summary>As the host wrote it.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">It is no address. The message does not repeat it: it may hold a password.</exception>
    public static PostgresAddress Parse(string text)
    {
        if (!Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal)))
            throw new FormatException(Form + Seen(text));
        // The class for URIs knows no empty host, which stands for a socket.
        var hasHost = !text.Contains(":///", StringComparison.Ordinal);
        var (whole, others) = SplitHosts(hasHost ? text : text.Replace(":///", "://localhost/", StringComparison.Ordinal));
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var uri))
            throw new FormatException(Form + Seen(text));
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new FormatException(
                "has a password, which everybody on this machine can read: leave it out, and give it in a file named by PGPASSFILE, or in PGPASSWORD"
            );
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            ApplicationName = "stories-server",
            Timeout = ConnectSeconds,
            // A lock must end with the connection that holds it, so none goes back to a pool.
            Pooling = false,
            TcpKeepAlive = true,
            TcpKeepAliveTime = KeepAliveSeconds,
            TcpKeepAliveInterval = KeepAliveSeconds,
            // A commit that waits for a standby must not be cancelled: PostgreSQL would then keep it without the standby, and confirm it.
            CancellationTimeout = -1,
        };
        if (others.Count > 0)
            SetHosts(settings, [uri, .. others.Select(host => HostOf(host, text))]);
        if (uri.UserInfo.Length > 0)
            settings.Username = Uri.UnescapeDataString(uri.UserInfo);
        settings.Database = uri.AbsolutePath.Trim('/') is { Length: > 0 } name
            ? Uri.UnescapeDataString(name)
            : throw new FormatException($"{Form}: the name of the database is missing{Seen(text)}");
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Set(settings, part);
        UseAuthority(settings);
        return new(text, settings);
    }

    /// <summary>Makes connections, to the host that takes writes where there are several. Each is closed when it is disposed.</summary>
    public NpgsqlDataSource MakeSource()
    {
        var builder = new NpgsqlSlimDataSourceBuilder(_settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        return _settings.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : builder.Build();
    }

    /// <summary>Connects to move rows, and takes the lock of the writer for as long as the session lives.</summary>
    /// <param name="allowsHalfAMove">Whether a database that a command has begun to fill is taken, to go on with it.</param>
    /// <param name="verify">Throws if the database cannot be used, when the lock is taken.</param>
    /// <exception cref="DataDirectoryException">A server runs on the database, or it cannot be reached.</exception>
    public (NpgsqlDataSource Source, PostgresSession Session) OpenForMove(bool allowsHalfAMove, Action<PostgresSession> verify)
    {
        var source = MakeSource();
        PostgresSession? session = null;
        try
        {
            session = PostgresSession.Open(source, Text, allowsHalfAMove);
            if (!session.TryLock())
                throw new DataDirectoryException(
                    $"The database {Text} is in use by {session.FindWriter()?.Name ?? "another command"}. Stop all servers on it first."
                );
            // Files are moved meanwhile, which can take hours. If this machine is lost, the network's own signs of life end the session.
            session.LetBeSilent(TimeSpan.Zero);
            verify(session);
            return (source, session);
        }
        catch (Exception e)
        {
            session?.Dispose();
            source.Dispose();
            if (e is NpgsqlException)
                throw new DataDirectoryException($"The database {Text} cannot be reached: {PostgresSession.Reason(e)}", e);
            throw;
        }
    }

    /// <summary>Tries to connect. Changes nothing.</summary>
    /// <returns>Why no server could use the database; null when one could.</returns>
    public string? FindFault()
    {
        try
        {
            using var source = MakeSource();
            using var session = PostgresSession.Open(source, Text);
            return FindMissingRight(session);
        }
        catch (Exception e) when (e is NpgsqlException or DataDirectoryException)
        {
            return e is DataDirectoryException ? e.Message : $"the database {Text} cannot be reached: {PostgresSession.Reason(e)}";
        }
    }

    private static string? FindMissingRight(PostgresSession session)
    {
        using var command = session.Connection.Command("select coalesce(has_schema_privilege(current_schema(), 'create'), false)");
        return (bool)command.ExecuteScalar()!
            ? null
            : $"{session.Place} cannot be used, because the role may not make tables there: {PostgresSession.MustOwn}";
    }

    /// <summary>Takes all hosts but the first out of an address, which the class for URIs does not know.</summary>
    private static (string Whole, IReadOnlyList<string> Others) SplitHosts(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.IndexOf('/', start) is >= 0 and var slash ? slash : text.Length;
        var authority = text[start..end];
        var at = authority.LastIndexOf('@') + 1;
        var hosts = authority[at..].Split(',');
        if (hosts.Length > HostsAtMost)
            throw new FormatException($"names {hosts.Length} hosts, and at most {HostsAtMost} are tried");
        return (text[..start] + authority[..at] + hosts[0] + text[end..], hosts[1..]);
    }

    private static Uri HostOf(string host, string text) =>
        host.Length > 0 && Uri.TryCreate($"{Schemes[0]}{host}/", UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
            ? uri
            : throw new FormatException($"{Form}, or postgres://USER@HOST1:PORT1,HOST2:PORT2/DATABASE{Seen(text)}");

    private static void SetHosts(NpgsqlConnectionStringBuilder settings, IReadOnlyList<Uri> hosts)
    {
        settings.Host = string.Join(
            ',',
            hosts.Select(host =>
                string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{(host.Port > 0 ? host.Port : NpgsqlConnection.DefaultPort)}")
            )
        );
        // A standby that was promoted must be asked again soon.
        settings.HostRecheckSeconds = 1;
    }

    /// <summary>The address, unless it may hold a password.</summary>
    private static string Seen(string text) =>
        text.Contains('@', StringComparison.Ordinal) || text.Contains("password", StringComparison.Ordinal)
            ? ""
            : $", was \"{text[..Math.Min(text.Length, SeenCharacters)]}\"";

    /// <summary>As libpq does it: who names an authority wants the certificate to be checked.</summary>
    private static void UseAuthority(NpgsqlConnectionStringBuilder settings)
    {
        if (settings.RootCertificate is null)
            return;
        if (settings.SslMode == SslMode.Require)
            settings.SslMode = SslMode.VerifyCA;
        else if (settings.SslMode is not (SslMode.VerifyCA or SslMode.VerifyFull))
            throw new FormatException(
                "has an sslrootcert that would not be used: add sslmode=verify-full, which checks the certificate of the database"
            );
        // The authorities of the system are those that are used without a file.
        if (settings.RootCertificate == "system")
            settings.RootCertificate = null;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string part)
    {
        var at = part.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at < 0 ? (part, "") : (part[..at], Uri.UnescapeDataString(part[(at + 1)..]));
        switch (name)
        {
            case "sslmode":
                settings.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new FormatException(
                        "has an sslmode that is none of disable, allow, prefer, require, verify-ca, verify-full"
                    ),
                };
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "sslcert":
                settings.SslCertificate = value;
                break;
            case "sslkey":
                settings.SslKey = value;
                break;
            case "host":
                settings.Host = value;
                break;
            case "port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                settings.Port = port;
                break;
            case "user":
                settings.Username = value;
                break;
            case "password":
                throw new FormatException(
                    "has a password, which everybody on this machine can read: leave it out, and give it in a file named by PGPASSFILE, or in PGPASSWORD"
                );
            default:
                throw new FormatException("may only have the parameters host, port, user, sslmode, sslrootcert, sslcert and sslkey");
        }
    }
}
