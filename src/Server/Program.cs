using StoriesCli.Server;
using StoriesCli.Server.Accounts;
using StoriesCli.Server.Audit;
using StoriesCli.Server.Circles;
using StoriesCli.Server.Conversation;
using StoriesCli.Server.Digests;
using StoriesCli.Server.Events;
using StoriesCli.Server.Feeds;
using StoriesCli.Server.Http;
using StoriesCli.Server.Media;
using StoriesCli.Server.Mutes;
using StoriesCli.Server.Operation;
using StoriesCli.Server.Questions;
using StoriesCli.Server.Reports;
using StoriesCli.Server.Shares;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Stories;
using StoriesCli.Server.Webhooks;

NativeMemory.Bound();
return await ServerCommand.RunAsync(args, Program.Build).ConfigureAwait(false);

internal sealed partial class Program
{
    /// <summary>The server, not yet started: what it is made of, then what it answers.</summary>
    internal static WebApplication Build(ServerOptions options, DataDirectory directory, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.UseStoriesLogging(options);
        builder.UseListeners(options);

        builder.Services.AddSingleton(options).AddSingleton(directory).AddSingleton<TimeProvider>(new SteadyClock(time));
        builder.Services.AddSingleton<Database>(services => new(directory, services.GetRequiredService<ILogger<Database>>()));
        builder
            .Services.AddSingleton<Ids>()
            .AddSingleton<IdempotencyStore>()
            .AddSingleton<IForgets>(provider => provider.GetRequiredService<IdempotencyStore>())
            .AddSingleton<RateLimits>();
        builder.Services.AddAudit();
        builder.Services.AddAccounts();
        builder.Services.AddCircles();
        builder.Services.AddMutes();
        builder.Services.AddMedia();
        builder.Services.AddStories();
        builder.Services.AddConversation();
        builder.Services.AddReports();
        builder.Services.AddQuestions();
        builder.Services.AddShares();
        builder.Services.AddFeeds();
        builder.Services.AddDigests();
        builder.Services.AddEvents();
        builder.Services.AddWebhooks();
        builder.Services.AddOperation();
        builder.Services.AddReadinessNotice();

        var app = builder.Build();
        app.Use(app.Services.GetRequiredService<Traffic>().CountAsync);
        app.UseTrustedProxies(options.TrustedProxies);
        app.UseRequestLog(options);
        app.UseMiddleware<ProblemHandler>();
        app.UseRefusals();
        app.UseForwardedShapes();
        app.UseOwnListeners();
        app.UseRoutingWithManners();
        app.UseMiddleware<SignIn>();
        app.UseMiddleware<UnknownQueryFilter>();
        app.UseMiddleware<FullDiskGate>();
        app.MapAudit();
        app.MapAccounts();
        app.MapCircles();
        app.MapMutes();
        app.MapStories();
        app.MapConversation();
        app.MapReports();
        app.MapQuestions();
        app.MapDigests();
        app.MapMedia();
        app.MapShares();
        app.MapFeeds();
        app.MapEvents();
        app.MapWebhooks();
        app.MapOperation();
        return app;
    }
}
