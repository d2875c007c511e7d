using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Stories;

/// <summary>Stories that are live terminals: recordings whose file still grows. The feature that has the bytes begins and ends them.</summary>
internal sealed class LiveStories(StoryProjection projection, StoryStore stories, StoryRules rules, Database database, TimeProvider time)
{
    /// <summary>Checks the fields of a live terminal.</summary>
    /// <param name="author">Number of the author, whose circles an audience may name.</param>
    /// <param name="story">Requested fields.</param>
    /// <param name="faults">Faults found so far. More are added.</param>
    /// <exception cref="ApiProblem"><c>invalid_request</c>, with all faults at once.</exception>
    public StoryDraft Check(int author, NewLive story, ValidationErrors faults)
    {
        RefuseIf(story.Text is not null, "text");
        RefuseIf(story.Compare is not null, "compare");
        RefuseIf(story.KeepSubtitles is not null, "keepSubtitles");
        return rules.Check(author, story with { Text = null }, faults);

        void RefuseIf(bool given, string field)
        {
            if (given)
            {
                faults.Add(field, "does not go with a live terminal");
            }
        }
    }

    /// <summary>Makes a live terminal visible, whose file is in place and holds a header.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="author">Number of the author.</param>
    /// <param name="draft">Its checked fields.</param>
    /// <param name="size">Columns and rows of the terminal.</param>
    /// <param name="delay">How long the sender holds output back.</param>
    /// <param name="repetition">Stored together with the story, so that a repeated request finds it.</param>
    /// <param name="cancel">Cancels only while the change waits for its turn.</param>
    public Task<StoryEntry> BeginAsync(
        string id,
        int author,
        StoryDraft draft,
        (int Columns, int Rows) size,
        TimeSpan delay,
        IdempotentRequest repetition,
        CancellationToken cancel
    )
    {
        var facts = new MediaFacts(StoryKinds.Recording, MediaTypes.Cast, size.Columns, size.Rows);
        var row = PostStory.ToRow(id, author, draft, facts, NoBytes, text: null, time.GetWholeMilliseconds()) with
        {
            Broadcast = new(StoredBroadcast.Running, (long)delay.TotalMilliseconds),
        };
        return stories.PostAsync(row, repetition.Key, repetition.Fingerprint, cancel);
    }

    /// <summary>Makes a recording of a live terminal, whose file is complete and on the disk.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="facts">What the file is.</param>
    /// <param name="file">Size and hash of the file.</param>
    /// <param name="exitCode">Exit code of the command; null when it broke off.</param>
    /// <returns>The story as it is now; null when it has ended for good, or is no longer live.</returns>
    public Task<StoryEntry?> EndAsync(string id, MediaFacts facts, FinishedFile file, int? exitCode) =>
        database.CommitAsync(batch =>
        {
            var now = time.GetWholeMilliseconds();
            if (!projection.Pending.ById.TryGetValue(id, out var entry) || !entry.Row.IsLive || entry.Row.IsExpired(now))
            {
                return null;
            }
            var row = entry.Row with
            {
                Media = entry.Media with
                {
                    Bytes = file.Bytes,
                    Sha256 = Convert.ToHexStringLower(file.Sha256),
                    Width = facts.Width,
                    Height = facts.Height,
                    DurationMs = facts.DurationMs,
                },
                Broadcast = entry.Row.Broadcast! with { State = exitCode is null ? StoredBroadcast.Broken : StoredBroadcast.Ended },
                Source = (entry.Source ?? new()) with
                {
                    Status = exitCode is { } code ? (code == 0 ? "passed" : "failed") : entry.Source?.Status,
                    ExitCode = exitCode ?? entry.Source?.ExitCode,
                    DurationMs = (long)(now - entry.CreatedAt).TotalMilliseconds,
                },
            };
            batch.Put(StoryRow.Collection, row);
            batch.Raise(new StoryUpdated(row.Subject, now));
            return projection.Pending.ById[id];
        });

    /// <summary>A story that is live and has not expired; null otherwise. It does not ask who may see it.</summary>
    public StoryEntry? Find(string id) =>
        projection.Current.ById.TryGetValue(id, out var entry) && entry.Row.IsLive && !entry.Row.IsExpired(time.GetUtcNow()) ? entry : null;

    /// <summary>Whether there is a story with this id, live or not.</summary>
    public bool Exists(string id) => projection.Current.ById.ContainsKey(id);

    /// <summary>All of them. It looks at every story.</summary>
    public IReadOnlyList<string> All() => [.. projection.Current.ById.Values.Where(entry => entry.Row.IsLive).Select(entry => entry.Id)];

    /// <summary>SHA-256 of no bytes: while a story is live, nobody is served its file.</summary>
    private static (long, byte[]) NoBytes => (0, System.Security.Cryptography.SHA256.HashData([]));
}
