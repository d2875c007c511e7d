using StoriesCli.Client;

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
    public Connection Connection => field ??= Connection.Resolve(flags, around.Environment, Config);
    public DateTimeOffset Now => around.Clock.GetUtcNow();

    /// <summary>The server, as the signed-in account.</summary>
    public ApiClient Api => _api ??= Connect(SignedIn);

    /// <summary>The same for somebody who tries again in their own way: disposed by them.</summary>
    public ApiClient ConnectOnce() => new(SignedIn.Server, SignedIn.Token, Options(SignedIn) with { Retries = 0 });

    public ApiClient Connect(Connection to) => new(to.Server, to.Token, Options(to));

    private Connection SignedIn => Connection.Token is not null ? Connection : throw new CommandException(ExitCode.SignIn,
        $"Not signed in to {ServerAddress.Origin(Connection.Server)}: run \"stories join\" with an invite, \"stories login\" with a token, or set STORIES_TOKEN.");

    private ApiClientOptions Options(Connection to) => new()
    {
        Retries = flags.Retry,
        AllowPlainHttp = to.Insecure,
        Clock = around.Clock,
        UserAgent = "stories-cli/" + Version.Text,
        OnRetry = notice => output.Note($"{notice.Reason}; try {notice.Try} of {flags.Retry + 1} in {notice.Pause.TotalSeconds:0.0} s"),
    };

    public void Dispose() => _api?.Dispose();
}
