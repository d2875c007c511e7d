using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>Runs before the first request. Its parameters create every store, so that their collections are registered when the database opens.</summary>
internal sealed class Start(
    Database database,
    DataDirectory directory,
    StoryStore stories,
    EventBroadcaster feed,
    WebhookStore webhooks,
    OwnerInvite ownerInvite,
    AccountDeletion deletion,
    UnknownMedia unknown,
    MediaStore media,
    ScheduledBackups backups,
    AccountStore accounts,
    VipsLibrary vips,
    DamagedMedia damaged,
    ServerOptions options,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<Start> log
) : IAsyncDisposable
{
    private string? _invite;
    private Task _library = Task.CompletedTask;

    /// <summary>Whether the process ends because the database could not be reopened.</summary>
    public bool DatabaseFailed { get; private set; }

    /// <param name="isRestore">Whether the files come from a backup, where some may be missing.</param>
    /// <param name="cancel">Cancels the wait for a bucket.</param>
    public async Task OpenAsync(bool isRestore = false, CancellationToken cancel = default)
    {
        database.Stopped += e =>
        {
            Log.DatabaseFailed(log, e);
            DatabaseFailed = true;
            lifetime.StopApplication();
        };
        await media.PrepareAsync(cancel).ConfigureAwait(false);
        if (options.Database is null)
            await unknown.VerifyDatabaseIsThereAsync(cancel).ConfigureAwait(false);
        directory.Reserve.TryFill();
        _library = Task.Run(LoadLibrary, CancellationToken.None);
        await database.OpenAsync().ConfigureAwait(false);
        MakeLinkKey();
        if (database.Role.IsWriter)
            await unknown.VerifyDatabaseKnowsAsync(hasAccounts: !accounts.IsEmpty, cancel).ConfigureAwait(false);
        if (!isRestore)
            await backups.PrepareAsync(cancel).ConfigureAwait(false);
        if (!isRestore && database.Role.IsWriter)
            await unknown.VerifyMediaAreThereAsync(missing: damaged.Count, cancel).ConfigureAwait(false);
        // One that the host named must load, or the server ends. Stories are served without the embedded one, so nothing waits for it.
        if (options.VipsLibrary is not null)
            await _library.ConfigureAwait(false);
        database.Role.BecameWriter += () => _ = Task.Run(TakeOverAsync);
        if (database.Role.IsWriter)
            await BeginToWriteAsync().ConfigureAwait(false);
    }

    /// <summary>Finishes what was interrupted when the writer ended, and what has become due since.</summary>
    private async Task BeginToWriteAsync()
    {
        await deletion.ResumeAsync().ConfigureAwait(false);
        _invite = await ownerInvite.EnsureAsync().ConfigureAwait(false);
        await webhooks.ResumeDueAsync(feed.DueSince).ConfigureAwait(false);
        webhooks.Signal();
    }

    private async Task TakeOverAsync()
    {
        try
        {
            await BeginToWriteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The workers go on all the same; what is left waits for the next writer.
            Log.NotResumed(log, e);
        }
    }

    /// <summary>The process must not end while a library is being loaded.</summary>
    public async ValueTask DisposeAsync() => await _library.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Not at the first link: reading must not need disk space.</summary>
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

    /// <summary>A library that the host named must load. Without the embedded one, images are accepted all the same.</summary>
    private void LoadLibrary()
    {
        try
        {
            vips.Load();
        }
        catch (PosterUnavailableException e) when (options.VipsLibrary is { } path)
        {
            throw new OptionUnusableException($"--vips-library cannot be used: {path}: {e.Message}", e);
        }
        catch (PosterUnavailableException e)
        {
            Log.NoPictures(log, e.Message);
        }
    }

    public void Announce(IReadOnlyCollection<string> urls)
    {
        Log.Started(
            log,
            ServerVersion.Text,
            string.Join(", ", urls),
            options.Data,
            stories.Current.Unarchived,
            Counted.Noun(stories.Current.Unarchived, "story", "stories")
        );
        foreach (var address in options.Listen.Where(a => !a.IsLocalOnly && !options.SpeaksTls(a) && !options.TrustedProxies.IsAny))
        {
            Log.OpenWithoutTls(log, address.Text);
        }
        if (options.Ffmpeg.Lack is { } lack)
        {
            Log.NoFfmpeg(log, lack);
        }
        if (options.Heic.Lack is { } noHeic)
        {
            Log.NoHeic(log, noHeic);
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
            Log.JoinAsOwner(log, ShellWord.Of(options.UrlForPeople(urls)), ShellWord.Of(_invite));
        }
    }
}
