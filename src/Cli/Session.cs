using StoriesCli.Client.Api;
using StoriesCli.Client.Configuration;

namespace StoriesCli.Cli;

/// <summary>One run of one command: what it was told, where it prints, whom it calls.</summary>
internal sealed class Session(Surroundings around, Flags flags, Output output) : IDisposable
{
    private Config? _config;
    private ApiClient? _api;

    public Surroundings Around => around;
    public Flags Flags => flags;
    public Output Out => output;
    public ConfigFile ConfigFile { get; } = ConfigFile.Find(around.Environment);
    public Config Config => _config ??= ConfigFile.Load();
    public Connection Connection => field ??= Resolve();

    /// <summary>Whether a flag says how pictures are shown, so that nobody asks the variable.</summary>
    public bool HasImagesFlag { get; set; }

    /// <summary>What came from the server, as it came; null where nobody asked for JSON.</summary>
    public ReceivedJson? Received { get; } = output.IsJson ? new() : null;
    public DateTimeOffset Now => around.Clock.GetUtcNow();

    /// <summary>The connection, which has a token.</summary>
    public Connection SignedIn =>
        Connection.Token is not null
            ? Connection
            : throw new CommandException(
                ExitCode.SignIn,
                Connection.Profile.Length == 0 && Config.Profiles.Count > 0
                    ? $"Not signed in to {ServerAddress.Origin(Connection.Server)}, and no profile is current; saved are {string.Join(", ", Config.Profiles.Keys.Order(StringComparer.Ordinal))}: name one with --profile, or choose it with \"stories config set profile NAME\"."
                    : $"Not signed in to {ServerAddress.Origin(Connection.Server)}: run \"stories join\" with an invite, \"stories login\" with a token, or set STORIES_TOKEN."
            );

    /// <summary>The server, as the signed-in account.</summary>
    public ApiClient Api => _api ??= Connect(SignedIn);

    /// <summary>Who is signed in: known from the profile, or asked for.</summary>
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
                Clock = around.Clock,
                Received = Received,
                UserAgent = "stories-cli/" + Version.Text,
                OnRetry = notice =>
                    output.Note(
                        $"{notice.Reason}; try {notice.Try}{(notice.IsEndless || retries is null ? "" : $" of {retries + 1}")} in {notice.Pause.TotalSeconds:0.0} s"
                    ),
            }
        );

    private Connection Resolve()
    {
        // Most commands show no picture, and an empty variable is a mistake in all of them.
        if (!HasImagesFlag)
        {
            EmptyValue.ReadVariable(around.Environment, "STORIES_IMAGES");
        }
        return Connection.Resolve(flags, around.Environment, Config);
    }

    public void Dispose() => _api?.Dispose();
}
