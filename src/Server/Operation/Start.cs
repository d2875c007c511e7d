using StoriesCli.Server.Accounts;
using StoriesCli.Server.Media;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Stories;

namespace StoriesCli.Server.Operation;

/// <summary>What happens before the first request is answered. What it asks for has every store made, so that their rows are known when the database opens.</summary>
internal sealed class Start(
    Database database, DataDirectory directory, StoryStore stories, OwnerInvite ownerInvite, Departure departure, UnknownMedia unknown, AccountStore accounts, ServerOptions options, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<Start> log)
{
    private string? _invite;

    /// <summary>Whether the process ends because the database could not be opened again.</summary>
    public bool DatabaseFailed { get; private set; }

    public async Task OpenAsync()
    {
        database.Stopped += e =>
        {
            Log.DatabaseFailed(log, e);
            DatabaseFailed = true;
            lifetime.StopApplication();
        };
        unknown.VerifyDatabaseIsThere();
        directory.Reserve.TryFill();
        MakeLinkKey();
        await database.OpenAsync().ConfigureAwait(false);
        unknown.VerifyDatabaseKnows(hasAccounts: !accounts.IsEmpty);
        await departure.ResumeAsync().ConfigureAwait(false);
        _invite = await ownerInvite.EnsureAsync().ConfigureAwait(false);
    }

    /// <summary>Not at the first link: reading must not need room on the disk.</summary>
    private void MakeLinkKey()
    {
        try
        {
            services.GetRequiredService<LinkSigner>();
        }
        catch (IOException e) when (DiskReserve.IsFullDiskError(e) && directory.Reserve.GiveUp())
        {
            services.GetRequiredService<LinkSigner>();
        }
    }

    public void Announce(IReadOnlyCollection<string> urls)
    {
        Log.Started(log, ServerVersion.Text, string.Join(", ", urls), options.Data, stories.Current.Order.Count);
        foreach (var address in options.Listen.Where(a => !a.IsLocalOnly && !options.SpeaksTls(a) && !options.TrustedProxies.IsAny))
        {
            Log.OpenWithoutTls(log, address.Text);
        }
        if (options.Ffmpeg.Lack is { } lack)
        {
            Log.NoFfmpeg(log, lack);
        }
        if (AdminSocket.FindPath(options.Data) is null)
        {
            Log.NoSocket(log, options.Data);
        }
        if (directory.ModeBefore is { } mode)
        {
            Log.DirectoryClosed(log, options.Data, Convert.ToString((int)mode, 8));
        }
        if (_invite is not null)
        {
            Log.JoinAsOwner(log, options.UrlForPeople(urls), _invite);
        }
    }
}
