using System.Globalization;
using System.Text;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Live;

/// <summary>The live terminals of this server. Rows say which there are; their files and this process have the rest, so that a kill loses nothing that was acknowledged.</summary>
internal sealed class LiveTerminals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveBroadcast> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _beginning = new(1);
    private readonly LiveStories _live;
    private readonly StoryStore _stories;
    private readonly DataDirectory _directory;
    private readonly MediaFolder _folder;
    private readonly ArrivingPosts _arriving;
    private readonly MediaStore _media;
    private readonly MediaLimits _limits;
    private readonly Quota _quota;
    private readonly Ids _ids;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveTerminals> _log;
    private bool _mustLook = true,
        _stopped;
    private readonly Database _database;
    private DateTimeOffset? _lookAgainAt;

    public LiveTerminals(
        Database database,
        DataDirectory directory,
        LiveStories live,
        StoryStore stories,
        MediaFolder folder,
        ArrivingPosts arriving,
        MediaStore media,
        MediaLimits limits,
        Quota quota,
        Ids ids,
        TimeProvider time,
        ILogger<LiveTerminals> log
    )
    {
        _database = database;
        (_live, _stories, _directory, _limits) = (live, stories, directory, limits);
        (_folder, _arriving, _media) = (folder, arriving, media);
        (_quota, _ids, _time, _log) = (quota, ids, time, log);
        database.Events.AfterCommit<StoryEnded>(ended => Drop(ended.Story));
        // A story in doubt may have become live, or ended.
        database.Reopened += () => Volatile.Write(ref _mustLook, true);
        database.Role.BecameWriter += () => Volatile.Write(ref _mustLook, true);
    }

    public int Count => Open().Length;

    public int ViewerCount => Open().Sum(broadcast => broadcast.ViewerCount);

    /// <summary>Begins a live terminal.</summary>
    /// <returns>Its story.</returns>
    /// <exception cref="ApiProblem"><c>live_limit</c>, <c>quota_reached</c>, <c>no_room</c>.</exception>
    public async Task<StoryEntry> BeginAsync(
        int author,
        StoryDraft draft,
        (int Columns, int Rows) size,
        TimeSpan delay,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        await _beginning.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            LookForLive();
            VerifyCount(author);
            return await BeginAsync().ConfigureAwait(false);
        }
        finally
        {
            _beginning.Release();
        }

        async Task<StoryEntry> BeginAsync()
        {
            var id = _ids.Next();
            var story = new LiveStory(id, author, size.Columns, size.Rows, (long)delay.TotalMilliseconds, _time.GetUtcNow());
            using var expected = _arriving.Expect(id);
            LiveBroadcast? broadcast = null;
            StoryEntry entry;
            try
            {
                broadcast = Load(story, isNew: true);
                entry = await _live.BeginAsync(id, author, draft, size, delay, repetition, cancel).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                broadcast?.Dispose();
                if (e is not DatabaseUnavailableException { Reason: UnavailableReason.InDoubt })
                {
                    _media.Abandon(id);
                }
                throw;
            }
            expected.Settle();
            lock (_gate)
            {
                _open[id] = broadcast;
            }
            if (_live.Find(id) is null)
            {
                // Somebody deleted it before it was among the open ones.
                Drop(id);
            }
            return entry;
        }
    }

    /// <summary>Appends output.</summary>
    /// <param name="caller">Its author.</param>
    /// <param name="id">Id of the story.</param>
    /// <param name="offset">Bytes of events that the caller knows to be there.</param>
    /// <param name="lines">Lines of events; none as a sign of life.</param>
    /// <param name="cancel">Cancels the wait for an earlier request.</param>
    /// <returns>Bytes of events that are there now, and whether <paramref name="offset"/> was right, so that the lines are among them.</returns>
    /// <exception cref="ApiProblem">As <see cref="GetOwn"/>; <c>live_ended</c>, <c>invalid_request</c>, <c>too_large</c>, <c>quota_reached</c>, <c>no_room</c>.</exception>
    public Task<(long Offset, bool Fits)> AppendAsync(
        CurrentAccount caller,
        string id,
        long offset,
        ReadOnlyMemory<byte> lines,
        CancellationToken cancel
    )
    {
        var broadcast = GetOwn(caller, id);
        return broadcast.InTurnAsync(
            () =>
            {
                if (broadcast.IsOver)
                {
                    throw NotOpen(id);
                }
                var fits = broadcast.Offset == offset;
                if (fits)
                {
                    broadcast.Append(lines.Span, _limits, _time.GetUtcNow());
                }
                return Task.FromResult((broadcast.Offset, fits));
            },
            cancel
        );
    }

    /// <summary>Makes a recording of it. Repeating it with the same exit code changes nothing.</summary>
    /// <exception cref="ApiProblem">As <see cref="GetOwn"/>; <c>live_ended</c>.</exception>
    public async Task<StoryEntry> EndAsync(CurrentAccount caller, string id, int exitCode)
    {
        var entry = _stories.GetVisible(caller.Number, id);
        if (entry.Author == caller.Number && entry.Broadcast is { State: StoredBroadcast.Ended } && entry.Source?.ExitCode == exitCode)
        {
            return entry;
        }
        return await EndAsync(GetOwn(caller, id), exitCode).ConfigureAwait(false) ?? throw NotOpen(id);
    }

    /// <summary>The broadcast that the caller may see.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>live_ended</c>.</exception>
    public LiveBroadcast GetVisible(CurrentAccount caller, string id) => Get(_stories.GetVisible(caller, id));

    /// <exception cref="ApiProblem">As <see cref="GetOwn"/>.</exception>
    public void VerifyOwn(CurrentAccount caller, string id) => GetOwn(caller, id);

    /// <summary>Whether the caller may see the story now.</summary>
    public bool IsVisibleTo(CurrentAccount caller, string id) =>
        (_stories.FindVisible(caller.Number, id) ?? _stories.FindReported(caller, id)) is not null;

    /// <summary>Ends those whose sender is silent or has had its time, and has viewers look whether they may stay.</summary>
    public async Task CheckAsync()
    {
        if (!_database.Role.IsWriter)
        {
            return;
        }
        var now = _time.GetUtcNow();
        if (_lookAgainAt <= now)
        {
            Volatile.Write(ref _mustLook, true);
        }
        LookForLive();
        foreach (var broadcast in Open())
        {
            if (_live.Find(broadcast.Story.Id) is null)
            {
                // It has expired. The sweeper buries the row and deletes the file.
                Drop(broadcast.Story.Id);
            }
            else if (now - broadcast.HeardAt >= Limits.LiveSilence || now - broadcast.Story.BeganAt >= Limits.LiveDuration)
            {
                await GiveUpAsync(broadcast, now).ConfigureAwait(false);
            }
            broadcast.Wake();
        }
    }

    /// <summary>Ends all streams. The stories stay live: their senders come back to the next process.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopped, true);
        foreach (var broadcast in Open())
        {
            Drop(broadcast.Story.Id);
        }
    }

    public void Dispose() => _beginning.Dispose();

    private async Task GiveUpAsync(LiveBroadcast broadcast, DateTimeOffset now)
    {
        try
        {
            await EndAsync(broadcast, exitCode: null).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DatabaseUnavailableException or IOException or MediaRefusedException or MediaTooLargeException)
        {
            Log.NotEnded(_log, broadcast.Story.Id, e);
            broadcast.NoteHeard(now);
        }
    }

    private Task<StoryEntry?> EndAsync(LiveBroadcast broadcast, int? exitCode) =>
        broadcast.InTurnAsync<StoryEntry?>(
            async () =>
            {
                var id = broadcast.Story.Id;
                if (broadcast.IsOver)
                {
                    return null;
                }
                var (facts, file) = broadcast.Inspect(_limits, _folder.PathOf(id));
                await _media.KeepGrownAsync(id, broadcast.Handle, file, CancellationToken.None).ConfigureAwait(false);
                var entry = await _live.EndAsync(id, facts, file, exitCode).ConfigureAwait(false);
                lock (_gate)
                {
                    _open.Remove(id);
                }
                broadcast.End(isTold: entry is not null);
                broadcast.Dispose();
                if (_live.Exists(id))
                {
                    _media.ForgetGrown(id);
                }
                else
                {
                    // The story ended while its recording was kept.
                    _media.Abandon(id);
                }
                return entry;
            },
            CancellationToken.None
        );

    /// <summary>The caller's own broadcast.</summary>
    /// <exception cref="ApiProblem"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>not_author</c>, <c>live_ended</c>.</exception>
    private LiveBroadcast GetOwn(CurrentAccount caller, string id) =>
        _stories.GetVisible(caller.Number, id) is var entry && entry.Author == caller.Number
            ? Get(entry)
            : throw new ApiProblem(Errors.NotAuthor, "only its author may continue or end a live terminal");

    private LiveBroadcast Get(StoryEntry entry)
    {
        if (entry.Broadcast is not { State: StoredBroadcast.Running })
        {
            throw NotLive(entry.Id);
        }
        LookForLive();
        lock (_gate)
        {
            return _open.GetValueOrDefault(entry.Id) ?? throw NotOpen(entry.Id);
        }
    }

    /// <summary>After a start, and whenever it was in doubt what is live.</summary>
    private void LookForLive()
    {
        if (!Volatile.Read(ref _mustLook) || Volatile.Read(ref _stopped))
        {
            return;
        }
        lock (_gate)
        {
            _lookAgainAt = null;
            foreach (var id in _live.All().Where(id => !_open.ContainsKey(id)))
            {
                if (_live.Find(id) is { } entry)
                {
                    TryLoad(entry);
                }
            }
            _mustLook = false;
        }
    }

    private void TryLoad(StoryEntry entry)
    {
        try
        {
            var (columns, rows) = (entry.Media.Width ?? 80, entry.Media.Height ?? 24);
            // A restored backup may lack it.
            _directory.MakeMediaFolder(entry.Id);
            _open[entry.Id] = Load(new(entry.Id, entry.Author, columns, rows, entry.Broadcast!.DelayMs, entry.CreatedAt), isNew: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotLoaded(_log, entry.Id, e);
            _lookAgainAt = _time.GetUtcNow() + Limits.LiveSilence;
        }
    }

    /// <summary>Opens the file of a live story, or makes it. A backup has none, so that a restored story begins anew.</summary>
    private LiveBroadcast Load(LiveStory story, bool isNew)
    {
        var head = Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"version":3,"term":{"cols":{{story.Columns}},"rows":{{story.Rows}}},"timestamp":{{story.BeganAt.ToUnixTimeSeconds()}}}"""
            ) + "\n"
        );
        var space = _quota.Open(story.Author);
        GrowingFile? file = null;
        try
        {
            file = GrowingFile.Open(_folder.GrowingPathOf(story.Id), head);
            try
            {
                space.Cover(file.Bytes);
            }
            catch (ApiProblem) when (!isNew)
            {
                // Acknowledged output stays. The next output is refused.
            }
            return new(story, file, head.Length, space, _time.GetUtcNow());
        }
        catch
        {
            file?.Dispose();
            space.Dispose();
            throw;
        }
    }

    private void VerifyCount(int author)
    {
        var open = Open();
        if (open.Count(broadcast => broadcast.Story.Author == author) >= Limits.LiveTerminals)
        {
            throw new ApiProblem(
                Errors.LiveLimit,
                $"an account has at most {Limits.LiveTerminals} live terminals at once, and yours has as many"
            );
        }
        if (open.Length >= Limits.LiveTerminalsOfAll)
        {
            throw new ApiProblem(
                Errors.LiveLimit,
                $"the server has at most {Limits.LiveTerminalsOfAll} live terminals at once, and has as many"
            );
        }
    }

    /// <summary>Closes one whose story is gone, or at the stop of the server. It never waits: the writer thread may call it.</summary>
    private void Drop(string id)
    {
        LiveBroadcast? broadcast;
        lock (_gate)
        {
            if (!_open.Remove(id, out broadcast))
            {
                return;
            }
        }
        broadcast.End(isTold: false);
        // The file stays on the disk for as long as it is open.
        _ = broadcast.InTurnAsync(
            () =>
            {
                broadcast.Dispose();
                return Task.FromResult(true);
            },
            CancellationToken.None
        );
    }

    private LiveBroadcast[] Open()
    {
        lock (_gate)
        {
            return [.. _open.Values];
        }
    }

    private static ApiProblem NotLive(string id) => new(Errors.LiveEnded, $"story {id} is not live");

    /// <summary>At a stop the story stays live, and its sender must not take it for ended.</summary>
    private ApiProblem NotOpen(string id) =>
        Volatile.Read(ref _stopped)
            ? new(Errors.ServerUnavailable, "the server is stopping") { RetryAfter = TimeSpan.FromSeconds(1) }
            : NotLive(id);
}
