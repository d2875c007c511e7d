using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli;

/// <summary>One run of a command: its options, its output, its server.</summary>
internal sealed class Session(CliContext context, Flags flags, Output output) : IDisposable
{
    private Config? _config;
    private ApiClient? _api;

    public CliContext Context => context;
    public Flags Flags => flags;
    public Output Out => output;
    public ConfigFile ConfigFile { get; } = ConfigFile.Find(context.Environment);
    public Config Config => _config ??= ConfigFile.Load();
    public Connection Connection => field ??= Resolve();

    /// <summary>Whether a flag sets how pictures are shown, so that the variable is not read.</summary>
    public bool HasImagesFlag { get; set; }

    /// <summary>The server's JSON as received; null without <c>--json</c>.</summary>
    public ReceivedJson? Received { get; } = output.IsJson ? new() : null;
    public DateTimeOffset Now => context.Clock.GetUtcNow();

    /// <summary>The connection, with a token.</summary>
    public Connection SignedIn =>
        Connection.Token is not null
            ? Connection
            : throw new CommandException(
                ExitCode.SignIn,
                Connection.Profile.Length == 0 && Config.Profiles.Count > 0
                    ? $"Not signed in to {ServerAddress.Origin(Connection.Server)}, and no profile is selected. Saved profiles: {string.Join(", ", Config.Profiles.Keys.Order(StringComparer.Ordinal))}. Name one with --profile, or select one with \"stories config set profile NAME\"."
                    : $"Not signed in to {ServerAddress.Origin(Connection.Server)}: run \"stories join\" with an invite, \"stories login\" with a token, or set STORIES_TOKEN."
            );

    /// <summary>The server, as the signed-in account.</summary>
    public ApiClient Api => _api ??= Connect(SignedIn);

    /// <summary>The signed-in account, from the profile or from the server.</summary>
    public async Task<string> GetHandleAsync(CancellationToken cancel) =>
        SignedIn.Handle ?? (await Api.Accounts.GetMeAsync(cancel).ConfigureAwait(false)).Handle;

    public ApiClient Connect(Connection to) => Connect(to, flags.Retry);

    public ApiClient Connect(Connection to, int? retries) =>
        new(
            to.Server,
            to.Token,
            new()
            {
                Retries = retries,
                AllowPlainHttp = to.Insecure,
                Clock = context.Clock,
                Received = Received,
                UserAgent = "stories-cli/" + Version.Text,
                OnRetry = notice =>
                    output.Note(
                        $"{ServerAddress.Origin(to.Server)}: {notice.Reason}; try {notice.Try}{(notice.IsEndless || retries is null ? "" : $" of {retries + 1}")} in {notice.Pause.TotalSeconds:0.0} s"
                    ),
            }
        );

    private Connection Resolve()
    {
        // An empty variable is an error in every command, even if it shows no picture.
        if (!HasImagesFlag)
        {
            EmptyValue.ReadVariable(context.Environment, "STORIES_IMAGES");
        }
        return Connection.Resolve(flags, context.Environment, Config);
    }

    public void Dispose() => _api?.Dispose();
}
