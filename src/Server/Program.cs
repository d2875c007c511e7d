using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Audit;
using StoriesCli.Server.Features.Circles;
using StoriesCli.Server.Features.Conversation;
using StoriesCli.Server.Features.Digests;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Feeds;
using StoriesCli.Server.Features.Live;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Mutes;
using StoriesCli.Server.Features.Questions;
using StoriesCli.Server.Features.Reports;
using StoriesCli.Server.Features.Shares;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Hosting.Peers;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

NativeMemory.Bound();
return await ServerCommand.RunAsync(args, Program.Build).ConfigureAwait(false);

internal sealed partial class Program
{
    /// <summary>The server, not yet started: what it is made of, then what it answers.</summary>
    internal static WebApplication Build(ServerOptions options, DataDirectory directory, TimeProvider time)
    {
        if (options.MediaBucket is not null)
        {
            directory.HoldCopies();
        }
        // Only the options count: no settings of a framework from files in the working folder, nor from its environment variables.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.UseStoriesLogging(options);
        builder.UseListeners(options);

        builder.Services.AddSingleton(options).AddSingleton(directory).AddSingleton<TimeProvider>(new SteadyClock(time));
        builder.Services.AddSingleton<Database>(services =>
            new(directory, services.GetRequiredService<ILogger<Database>>(), options.ForDatabase())
        );
        builder.Services.AddSingleton<Ids>().AddStore<IdempotencyStore>().AddSingleton<FailedAttempts>();
        builder.Services.AddPolicies();
        builder.Services.AddPostLimiter(options.PostRate);
        builder.Services.AddAudit();
        builder.Services.AddAccounts();
        builder.Services.AddCircles();
        builder.Services.AddMutes();
        builder.Services.AddMedia();
        builder.Services.AddStories();
        builder.Services.AddLive();
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
        app.Use(app.Services.GetRequiredService<RequestMetrics>().CountAsync);
        app.UseTrustedProxies(options.TrustedProxies);
        app.UseRequestLog(options);
        app.UseMiddleware<ProblemHandler>();
        app.UsePeerRequests(options);
        app.UseRefusals();
        app.UseForwardedShapes();
        app.UseOwnListeners();
        app.UseCurrentRows(options);
        app.UseRoutingWithManners();
        app.UsePassingOn(options, forwarder => forwarder.PassOnChangesAsync);
        app.UseAuthentication();
        app.UsePassingOn(options, forwarder => forwarder.PassOnUsesAsync);
        app.UseAuthorization();
        app.UseRateLimiter();

        var routes = app.MapGroup("").AddEndpointFilter<UnknownQueryFilter>().AddEndpointFilter<FullDiskFilter>();
        routes.MapAudit();
        routes.MapAccounts();
        routes.MapCircles();
        routes.MapMutes();
        routes.MapStories();
        routes.MapLive();
        routes.MapConversation();
        routes.MapReports();
        routes.MapQuestions();
        routes.MapDigests();
        routes.MapShares();
        routes.MapFeeds();
        routes.MapEvents();
        routes.MapWebhooks();
        routes.MapOperation();
        return app;
    }
}
