using System.Diagnostics.Metrics;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Live;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>The server's metrics: instruments of one meter. Most read numbers that the server keeps anyway.</summary>
internal sealed class Metrics
{
    public const string MeterName = "StoriesCli.Server";

    private static readonly double[] CommitBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    private readonly Meter _meter;

    public Metrics(
        IMeterFactory meters,
        Database database,
        StoryInventory stories,
        AccountStore accounts,
        Sweeper sweeper,
        UnknownMedia unknown,
        CertificateMonitor certificate,
        MediaStore media,
        MediaCheck check,
        DamagedMedia damaged,
        EventBroadcaster events,
        LiveTerminals live,
        WebhookStore webhooks,
        Decoding decoding,
        PosterCache posters,
        DataDirectory directory,
        ScheduledBackups backups,
        ServerOptions options
    )
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge(
            "stories.build_info",
            () => Tagged(1, "version", ServerVersion.Text),
            description: "The server's version."
        );
        MeasureStories(stories, sweeper, unknown, options);
        MeasureDatabase(database, directory, options);
        MeasureDisk(directory, options);
        MeasureBucket(media);
        MeasureBackups(backups, options);
        MeasureMedia(check, damaged, decoding, posters);
        MeasureWebhooks(webhooks);
        if (options.TlsCertificate is not null)
        {
            _meter.CreateObservableGauge<long>(
                "stories.tls.certificate_end",
                () => certificate.End is { } end ? [new(end.ToUnixTimeSeconds())] : [],
                "s",
                "When the certificate ends, as Unix time."
            );
        }
        Gauge("stories.event_listeners", () => events.ListenerCount, "Streams of events that are open.");
        Gauge("stories.live_terminals", () => live.Count, "Live terminals whose command runs.");
        Gauge("stories.live_viewers", () => live.ViewerCount, "Streams of live terminals that are open.");
        Gauge("stories.accounts", () => accounts.Active().Count, "Accounts that are not disabled.");
        Gauge("process.resident_memory", () => Environment.WorkingSet, "Resident memory.", "By");
    }

    private void MeasureStories(StoryInventory stories, Sweeper sweeper, UnknownMedia unknown, ServerOptions options)
    {
        _meter.CreateObservableGauge(
            "stories.stored",
            () => stories.TotalsByKind().Select(kind => Tagged(kind.Count, "kind", kind.Kind)),
            description: "Stories on the disk, by kind."
        );
        _meter.CreateObservableGauge(
            "stories.stored_bytes",
            () => stories.TotalsByKind().Select(kind => Tagged(kind.Bytes, "kind", kind.Kind)),
            "By",
            "Bytes of their media, by kind."
        );
        Gauge("stories.quota", () => options.QuotaTotalBytes, "Bytes that all stories together may have.", "By");
        GaugeOfTime("stories.sweeper.age", () => sweeper.Age, "Time since the last whole sweep ended.");
        GaugeOfTime(
            "stories.oldest_expired",
            () => stories.OldestExpired,
            "How long the story that is overdue the longest has been expired and not swept."
        );
        Gauge(
            "stories.unknown_media_files",
            () => unknown.Held.Files,
            "Files that no story accounts for, and that are kept until the host decides."
        );
    }

    private void MeasureDatabase(Database database, DataDirectory directory, ServerOptions options)
    {
        Gauge("stories.database.ready", () => database.Health.IsReady ? 1 : 0, "1 when changes are taken.");
        Gauge(
            "stories.damage.lost_rows",
            () => DamageNotes.LostRows(database),
            "Rows that were lost in the last 30 days to damage of the data file."
        );
        Counter(
            "stories.damage.lost_log_pages",
            () => database.LostLogPages,
            "Pages of the log that may hold acknowledged changes and were lost."
        );
        Gauge("stories.damage.kept_files", () => KeptDamage.Find(directory).Count, "Copies of damaged files that are kept for a while.");
        if (options.Database is not null)
        {
            Gauge("stories.database.writer", () => database.Role.IsWriter ? 1 : 0, "1 when this server writes, 0 when it follows another.");
            Gauge("stories.database.last_commit", () => database.Role.Seq, "Number of the last commit that this server shows.");
            _meter.CreateObservableGauge(
                "stories.database.age",
                () => database.Role.Age.TotalSeconds,
                "s",
                "Time since it was certain that this server shows the last commit."
            );
        }
        Gauge("stories.database.queue_length", () => database.QueueLength, "Changes that wait to be written.");
        var commits = _meter.CreateHistogram<double>(
            "stories.database.commit",
            "s",
            "Time a batch of changes took until it was on the disk.",
            advice: new() { HistogramBucketBoundaries = CommitBounds }
        );
        database.Committed += took => commits.Record(took.TotalSeconds);
    }

    private void MeasureDisk(DataDirectory directory, ServerOptions options)
    {
        Gauge("stories.disk.free", () => directory.FreeBytes, "Bytes that the disk of the data directory has left.", "By");
        Gauge("stories.disk.floor", () => options.DiskFloorBytes, "Free bytes below which nothing is taken in.", "By");
        Gauge(
            "stories.disk.reserve",
            () => directory.Reserve.HeldBytes,
            "Bytes that are held for deletions on a full disk, of those that should be.",
            "By"
        );
        Gauge(
            "stories.disk.full",
            () => directory.Reserve.IsDiskFull ? 1 : 0,
            "1 while the disk is full, so that only deletions are taken."
        );
    }

    private void MeasureBackups(ScheduledBackups backups, ServerOptions options)
    {
        if (!options.Backups.IsOn)
        {
            return;
        }
        GaugeOfTime(
            "stories.backup.age",
            () => backups.Age ?? TimeSpan.Zero,
            "Time since the newest backup that the server took by itself; since the start before there is one."
        );
        Counter("stories.backup.failures", () => backups.Failures, "Tries to take a backup that failed since the start.");
    }

    private void MeasureBucket(MediaStore media)
    {
        if (media is not BucketStore bucket)
        {
            return;
        }
        Gauge(
            "stories.media.undeleted",
            () => bucket.UndeletedCount,
            "Stories that ended and whose files the service has not confirmed to be gone."
        );
        Gauge(
            "stories.media.away",
            () => bucket.Fault is null ? 0 : 1,
            "1 while the service of the bucket has not done what it was last asked."
        );
        Counter("stories.media.failed_requests", () => bucket.Failures, "Requests that the service of the bucket did not do.");
        Gauge("stories.media.copied", () => bucket.CopiedBytes, "Bytes of copies of what is in the bucket.", "By");
    }

    private void MeasureMedia(MediaCheck check, DamagedMedia damaged, Decoding decoding, PosterCache posters)
    {
        Gauge("stories.media.damaged", () => damaged.Count, "Files of stories that are missing, cut short or changed, and not served.");
        Counter("stories.media.checked_files", () => check.Files, "Files of stories that were compared with their hash.");
        Counter("stories.media.checked_bytes", () => check.Bytes, "Bytes of them.", "By");
        GaugeOfTime(
            "stories.media.check_age",
            () => check.Age,
            "Time since all files of stories were last compared with their hash; since the start before the first time."
        );
        Counter("stories.pictures.decoded", () => decoding.Count, "Pictures decoded, to check them, for a poster or for a comparison.");
        Gauge("stories.pictures.decoding", () => decoding.HeldBytes, "Memory that decoders hold, by the pictures' headers.", "By");
        Gauge("stories.pictures.waiting", () => decoding.WaitingCount, "Pictures that wait to be decoded.");
        Gauge("stories.posters", () => posters.Bytes, "Bytes of the posters that are kept.", "By");
    }

    private void MeasureWebhooks(WebhookStore webhooks)
    {
        Gauge("stories.webhooks", () => webhooks.ActiveCount, "Webhooks that are told what happens.");
        Gauge("stories.webhook.waiting", () => webhooks.WaitingCount, "Events that wait to be told to a webhook, or to be told again.");
        _meter.CreateObservableCounter<long>(
            "stories.webhook.attempts",
            () => [Tagged(webhooks.Counts.Taken, "result", "taken"), Tagged(webhooks.Counts.Failed, "result", "failed")],
            description: "Attempts to tell a webhook of an event, by how they ended."
        );
        Counter("stories.webhook.dropped", () => webhooks.Counts.Dropped, "Events that were not told because too many others waited.");
    }

    private void Gauge(string name, Func<long> read, string help, string? unit = null) =>
        _meter.CreateObservableGauge(name, read, unit, help);

    private void GaugeOfTime(string name, Func<TimeSpan> read, string help) =>
        _meter.CreateObservableGauge(name, () => read().TotalSeconds, "s", help);

    private void Counter(string name, Func<long> read, string help, string? unit = null) =>
        _meter.CreateObservableCounter(name, read, unit, help);

    private static Measurement<long> Tagged(long value, string tag, string text) =>
        new(value, new KeyValuePair<string, object?>(tag, text));
}
