using System.Threading.Channels;
using StoriesCli.Client.Players;
using StoriesCli.Testing;
using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;
using StoriesCli.Tui.App.Subscriptions;

namespace StoriesCli.Tui.Tests.App;

/// <summary>The effects against the real server, as the screen runs them: what they post is dispatched until a condition holds.</summary>
public abstract class IntegrationTest : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    protected static readonly byte[] RedPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACXBIWXMAAAABAAAAAQBPJcTWAAAAEklEQVR4nGP4y8CAFWEXHbQSAPZwP0G2GkFNAAAAAElFTkSuQmCC"
    );

    private readonly Channel<Msg> _posted = Channel.CreateUnbounded<Msg>();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("stories-tui-").FullName;
    protected ServerHost Host { get; private set; } = null!;
    protected string AnaToken { get; private set; } = "";
    protected ApiClient Ana { get; private set; } = null!;
    protected ApiClient Dora { get; private set; } = null!;
    private protected Store Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await ServerHost.StartAsync();
        AnaToken = await Host.JoinAsync("ana");
        Ana = Host.Client(AnaToken);
        Dora = await Host.SignInAsync("dora");
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private protected void Press(params Msg[] messages) => Array.ForEach(messages, Store.Dispatch);

    private protected SubscriptionSet Look(ApiClient? client = null, VideoPlace video = VideoPlace.Player)
    {
        Store = new(
            Some.Empty with
            {
                Session = Some.Empty.Session with { Me = null, PlaysOnStage = video == VideoPlace.Stage },
                Display = Some.Empty.Display with { ShowsPictures = true, Area = new(20, 10) },
                Now = Host.Clock.GetUtcNow(),
            }
        );
        var options = new TuiOptions(client ?? Dora)
        {
            Clock = Host.Clock,
            Folder = Folder,
            Video = video,
            Players = new(new Dictionary<string, Player>(), video == VideoPlace.Stage ? Environment.GetEnvironmentVariable("PATH") : null),
        };
        return new(options, Store, message => _posted.Writer.TryWrite(message));
    }

    private protected async Task UntilAsync(Func<Model, bool> holds)
    {
        using var late = new CancellationTokenSource(_patience);
        while (!holds(Store.Model))
        {
            Store.Dispatch(await _posted.Reader.ReadAsync(late.Token));
            if (Store.Model.Tray.IsCaughtUp)
            {
                // Where all of it was seen, the viewer goes to the first.
                Store.Dispatch(StepStory.Next);
            }
        }
    }

    protected static async Task UntilServerSaysAsync(Func<Task<bool>> holds)
    {
        using var late = new CancellationTokenSource(_patience);
        while (!await holds())
        {
            late.Token.ThrowIfCancellationRequested();
        }
    }
}
