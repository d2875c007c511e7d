namespace StoriesCli.Client.Api;

/// <summary>The client of one server, as one account. Thread-safe. Does not follow redirects.</summary>
/// <remarks>
/// Every call may throw <see cref="ApiException"/> (the server refused), <see cref="ServerUnreachableException"/> (no answer after all
/// tries) and <see cref="OperationCanceledException"/>.
/// </remarks>
public sealed class ApiClient : IDisposable
{
    private readonly ApiConnection _connection;

    /// <summary>Creates a client without sending anything.</summary>
    /// <param name="server">Scheme, host and port of the server; see <see cref="ServerAddress"/>.</param>
    /// <param name="token">A token (<c>sty_…</c>), or null for calls without one.</param>
    /// <param name="options">Retries and permissions.</param>
    /// <exception cref="ArgumentException">The address is plain http beyond loopback and <see cref="ApiClientOptions.AllowPlainHttp"/> is off.</exception>
    public ApiClient(Uri server, string? token, ApiClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        _connection = new(server, token, options ?? new());
        Live = new(_connection);
        Media = new(_connection);
        Stories = new(_connection);
        Accounts = new(_connection);
        Admin = new(_connection);
        Archive = new(_connection, Media);
        Circles = new(_connection);
        Conversation = new(_connection);
        Digests = new(_connection);
        Events = new(_connection, Stories);
        Feeds = new(_connection);
        Highlights = new(_connection);
        Invites = new(_connection);
        Mutes = new(_connection);
        Questions = new(_connection);
        Reports = new(_connection);
        Shares = new(_connection);
        Tokens = new(_connection);
        Webhooks = new(_connection);
    }

    /// <summary>Scheme, host and port of the server.</summary>
    public Uri Server => _connection.Server;

    /// <summary>How far the server's clock is ahead of this machine's, from its latest answer; zero for less than two seconds.</summary>
    public TimeSpan ClockOffset => _connection.ClockOffset;

    /// <summary>The caller's account, and who else is on the server.</summary>
    public AccountsClient Accounts { get; }

    /// <summary>Running a server over the network, for admins.</summary>
    public AdminClient Admin { get; }

    /// <summary>The caller's own expired stories.</summary>
    public ArchiveClient Archive { get; }

    /// <summary>The caller's own groups of people.</summary>
    public CirclesClient Circles { get; }

    /// <summary>Replies, reactions, acknowledgements, votes and help requests.</summary>
    public ConversationClient Conversation { get; }

    /// <summary>What happened lately, in one document.</summary>
    public DigestsClient Digests { get; }

    /// <summary>What happens, as it happens.</summary>
    public EventsClient Events { get; }

    /// <summary>Keys for feed readers.</summary>
    public FeedsClient Feeds { get; }

    /// <summary>Stories that people keep beyond their lifetime.</summary>
    public HighlightsClient Highlights { get; }

    /// <summary>Invites, for admins.</summary>
    public InvitesClient Invites { get; }

    /// <summary>Live terminals: recordings that others watch while they grow.</summary>
    public LiveClient Live { get; }

    /// <summary>Media of stories: downloads, still pictures and links.</summary>
    public MediaClient Media { get; }

    /// <summary>What the caller has muted.</summary>
    public MutesClient Mutes { get; }

    /// <summary>The question of the day.</summary>
    public QuestionsClient Questions { get; }

    /// <summary>Stories reported to the admins.</summary>
    public ReportsClient Reports { get; }

    /// <summary>Stories shared as pages for a browser.</summary>
    public SharesClient Shares { get; }

    /// <summary>Stories: posting, listing, editing, and who has seen them.</summary>
    public StoriesClient Stories { get; }

    /// <summary>The caller's tokens.</summary>
    public TokensClient Tokens { get; }

    /// <summary>Addresses that the server tells what happens, for admins.</summary>
    public WebhooksClient Webhooks { get; }

    /// <summary>The environment's proxy for a server, without user name and password; null if there is none.</summary>
    public static string? FindProxy(Uri server) => GuardedProxy.Of(null).NameFor(server);

    /// <summary>Creates a key for one post and all its retries: 128 random bits.</summary>
    public static string NewIdempotencyKey() => Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
