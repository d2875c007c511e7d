using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.Features.Events;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Features.Webhooks;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Hosting;

/// <summary>What the server measures, on a listener of its own.</summary>
internal sealed class Metrics(
    Traffic traffic,
    Database database,
    StoryInventory stories,
    AccountStore accounts,
    Sweeper sweeper,
    UnknownMedia unknown,
    CertificateMonitor certificate,
    MediaCheck check,
    DamagedMedia damaged,
    EventBroadcaster events,
    WebhookStore webhooks,
    Decoding decoding,
    PosterCache posters,
    DataDirectory directory,
    ServerOptions options
)
{
    private const string Path = "/metrics";

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != Path || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            throw new Http.ApiProblem(Contracts.Errors.RouteNotFound, $"this listener answers GET {Path} alone");
        }
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(Render(), context.RequestAborted).ConfigureAwait(false);
    }

    private string Render()
    {
        var text = new PrometheusText();
        text.Family("stories_build_info", "gauge", "The server's version.", [($"{{version=\"{ServerVersion.Text}\"}}", 1)]);
        RenderTraffic(text);
        RenderStories(text);
        RenderDatabase(text);
        RenderMediaCheck(text);
        text.Gauge("stories_sweeper_age_seconds", "Time since the last whole sweep ended.", sweeper.Age.TotalSeconds);
        text.Gauge(
            "stories_oldest_expired_seconds",
            "How long the story that is overdue the longest has been expired and not swept.",
            stories.OldestExpired.TotalSeconds
        );
        text.Gauge(
            "stories_unknown_media_files",
            "Files that no story accounts for, and that are kept until the host decides.",
            unknown.Held.Files
        );
        text.Gauge("stories_disk_free_bytes", "Bytes that the disk of the data directory has left.", directory.FreeBytes);
        text.Gauge("stories_disk_floor_bytes", "Free bytes below which nothing is taken in.", options.DiskFloorBytes);
        text.Gauge(
            "stories_disk_reserve_bytes",
            "Bytes that are held for deletions on a full disk, of those that should be.",
            directory.Reserve.HeldBytes
        );
        text.Gauge(
            "stories_disk_full",
            "1 while the disk is full, so that only deletions are taken.",
            directory.Reserve.IsDiskFull ? 1 : 0
        );
        if (certificate.End is { } end)
        {
            text.Gauge("stories_tls_certificate_end_seconds", "When the certificate ends, as Unix time.", end.ToUnixTimeSeconds());
        }
        text.Gauge("stories_event_listeners", "Streams of events that are open.", events.ListenerCount);
        text.Counter(
            "stories_pictures_decoded_total",
            "Pictures decoded, to check them, for a poster or for a comparison.",
            decoding.Count
        );
        text.Gauge("stories_pictures_decoding_bytes", "Memory that decoders hold, by the pictures' headers.", decoding.HeldBytes);
        text.Gauge("stories_pictures_waiting", "Pictures that wait to be decoded.", decoding.WaitingCount);
        text.Gauge("stories_posters_bytes", "Bytes of the posters that are kept.", posters.Bytes);
        RenderWebhooks(text);
        text.Gauge("stories_accounts", "Accounts that are not disabled.", accounts.Active().Count);
        text.Gauge("process_resident_memory_bytes", "Resident memory.", Environment.WorkingSet);
        return text.ToString();
    }

    private void RenderTraffic(PrometheusText text)
    {
        text.Family(
            "stories_http_requests_total",
            "counter",
            "Requests answered.",
            traffic.Requests.Select(r => ($"{{method=\"{r.Method}\",status=\"{r.Status}\"}}", (double)r.Count))
        );
        text.Counter("stories_http_received_bytes_total", "Bytes of request bodies whose length was declared.", traffic.ReceivedBytes);
        text.Counter("stories_http_sent_bytes_total", "Bytes of answers' bodies whose length was declared.", traffic.SentBytes);
    }

    private void RenderStories(PrometheusText text)
    {
        var kinds = stories.TotalsByKind();
        text.Family(
            "stories_stored",
            "gauge",
            "Stories on the disk, by kind.",
            kinds.Select(k => ($"{{kind=\"{k.Kind}\"}}", (double)k.Count))
        );
        text.Family(
            "stories_stored_bytes",
            "gauge",
            "Bytes of their media, by kind.",
            kinds.Select(k => ($"{{kind=\"{k.Kind}\"}}", (double)k.Bytes))
        );
        text.Gauge("stories_quota_bytes", "Bytes that all stories together may have.", options.QuotaTotalBytes);
    }

    private void RenderMediaCheck(PrometheusText text)
    {
        text.Gauge("stories_media_damaged", "Files of stories that are missing, cut short or changed, and not served.", damaged.Count);
        text.Counter("stories_media_checked_files_total", "Files of stories that were compared with their hash.", check.Files);
        text.Counter("stories_media_checked_bytes_total", "Bytes of them.", check.Bytes);
        text.Gauge(
            "stories_media_check_age_seconds",
            "Time since all files of stories were last compared with their hash; since the start before the first time.",
            check.Age.TotalSeconds
        );
    }

    private void RenderWebhooks(PrometheusText text)
    {
        text.Gauge("stories_webhooks", "Webhooks that are told what happens.", webhooks.ActiveCount);
        text.Gauge("stories_webhook_waiting", "Events that wait to be told to a webhook, or to be told again.", webhooks.WaitingCount);
        text.Family(
            "stories_webhook_attempts_total",
            "counter",
            "Attempts to tell a webhook of an event, by how they ended.",
            [("{result=\"taken\"}", webhooks.Counts.Taken), ("{result=\"failed\"}", webhooks.Counts.Failed)]
        );
        text.Counter("stories_webhook_dropped_total", "Events that were not told because too many others waited.", webhooks.Counts.Dropped);
    }

    private void RenderDatabase(PrometheusText text)
    {
        text.Gauge("stories_database_ready", "1 when changes are taken.", database.Health.IsReady ? 1 : 0);
        text.Gauge(
            "stories_damage_lost_rows",
            "Rows that were lost in the last 30 days to damage of the data file.",
            DamageNotes.LostRows(database)
        );
        text.Counter(
            "stories_damage_lost_log_pages_total",
            "Pages of the log that may hold acknowledged changes and were lost.",
            database.LostLogPages
        );
        text.Gauge("stories_damage_kept_files", "Copies of damaged files that are kept for a while.", KeptDamage.Find(directory).Count);
        text.Gauge("stories_database_queue_length", "Changes that wait to be written.", database.QueueLength);
        text.Histogram(
            "stories_database_commit_seconds",
            "Time a batch of changes took until it was on the disk.",
            CommitTimes.Bounds,
            database.CommitTimes.Cumulated(),
            database.CommitTimes.TotalSeconds
        );
    }
}
