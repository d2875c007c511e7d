using System.Globalization;
using System.Net.Http.Json;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Stories: posting, listing, editing, and who has seen them.</summary>
public sealed class StoriesClient
{
    private readonly ApiConnection _api;

    internal StoriesClient(ApiConnection api) => _api = api;

    // Kestrel and common proxies accept 8 KiB for the request line. The rest is for method, version and what a proxy adds.
    private const int PathCharactersMaximum = 6000;

    // Below this size, sending is faster than waiting for 100 Continue.
    private const long AskFirstBytes = 64 * 1024;

    /// <summary>Lists one page of visible active stories, newest first.</summary>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public Task<Page<Story>> ListAsync(StoryQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _api.GetAsync(query.ToPath(), ContractsJson.Default.PageStory, cancel);
    }

    /// <summary>Lists all visible active stories, newest first. Reads page after page.</summary>
    /// <param name="query">Its <see cref="StoryQuery.Limit"/> is the size of a page.</param>
    /// <param name="cancel">Ends the enumeration.</param>
    public IAsyncEnumerable<Story> ListAllAsync(StoryQuery query, CancellationToken cancel = default) =>
        _api.PagesAsync(cursor => ListAsync(query with { Cursor = cursor }, cancel));

    /// <summary>Gets one story without marking it as seen.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> GetAsync(string id, CancellationToken cancel = default) =>
        _api.GetAsync($"/v1/stories/{ApiConnection.Segment(id)}", ContractsJson.Default.Story, cancel);

    /// <summary>Changes one of the caller's stories.</summary>
    /// <param name="id">The story.</param>
    /// <param name="edit">The changes; null leaves a value as it is. An audience only becomes narrower.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The story as it is now.</returns>
    /// <exception cref="ApiException"><c>invalid_request</c>, <c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<Story> EditAsync(string id, StoryEdit edit, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                new(HttpMethod.Patch, $"/v1/stories/{ApiConnection.Segment(id)}")
                {
                    Content = JsonContent.Create(edit, ContractsJson.Default.StoryEdit),
                },
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Deletes a story with its thread.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>not_author</c>.</exception>
    public Task DeleteAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Delete, $"/v1/stories/{ApiConnection.Segment(id)}", cancel);

    /// <summary>Gets the receipt that a story's bytes were deleted, for 30 days after its end.</summary>
    /// <exception cref="ApiException"><c>receipt_not_found</c> while the story is there; <c>story_expired</c> or <c>story_deleted</c> until its bytes are deleted,
    /// and after 30 days; <c>story_not_found</c>.</exception>
    public Task<Receipt> GetReceiptAsync(string id, CancellationToken cancel = default) =>
        _api.GetAsync($"/v1/receipts/{ApiConnection.Segment(id)}", ContractsJson.Default.Receipt, cancel);

    /// <summary>Posts a story with media. Streams the media.</summary>
    /// <param name="story">Everything but <see cref="NewStory.Text"/>.</param>
    /// <param name="media">Opened again for each try.</param>
    /// <param name="idempotencyKey">1–128 visible ASCII characters, the same for every try of this post.</param>
    /// <param name="progress">Receives the number of sent bytes, on any thread; restarts with each try.</param>
    /// <param name="cancel">Cancels the upload; nothing stays on the server.</param>
    /// <exception cref="ApiException"><c>media_type_refused</c>, <c>too_large</c>, <c>quota_reached</c>, <c>no_room</c>, <c>invalid_request</c>.</exception>
    /// <exception cref="InvalidDataException">The file became shorter while it was sent.</exception>
    public Task<Story> PostAsync(
        NewStory story,
        MediaUpload media,
        string idempotencyKey,
        IProgress<long>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(story);
        ArgumentNullException.ThrowIfNull(media);
        var fields = StoryFields.Of(story with { FileName = story.FileName ?? media.FileName });
        var path = "/v1/stories" + QueryText.From(fields);
        var fits = path.Length <= PathCharactersMaximum;
        return _api.ReadAsync(Request, ContractsJson.Default.Story, RetryRule.AnyFault, cancel);

        HttpRequestMessage Request(IdleGuard guard)
        {
            var body = new MediaContent(media, guard, progress);
            var message = ApiConnection.WithKey(
                new(HttpMethod.Post, fits ? path : "/v1/stories")
                {
                    Content = fits ? body : StoryFields.ToForm(fields, [("file", null, body)]),
                },
                idempotencyKey
            );
            message.Headers.ExpectContinue = media.Bytes > AskFirstBytes;
            return message;
        }
    }

    /// <summary>Posts a before/after story: two still pictures of the same size, which the server compares. Streams the files.</summary>
    /// <param name="story">Everything but <see cref="NewStory.Text"/> and <see cref="NewStory.Compare"/>.</param>
    /// <param name="before">The earlier picture; opened again for each try.</param>
    /// <param name="after">The later picture; opened again for each try.</param>
    /// <param name="idempotencyKey">1–128 visible ASCII characters, the same for every try of this post.</param>
    /// <param name="progress">Receives the number of sent bytes of both files, on any thread; restarts with each try.</param>
    /// <param name="cancel">Cancels the upload; nothing stays on the server.</param>
    /// <exception cref="ApiException"><c>media_type_refused</c>, <c>too_large</c>, <c>quota_reached</c>, <c>no_room</c>; <c>invalid_request</c> also for pictures of different sizes.</exception>
    /// <exception cref="InvalidDataException">A file became shorter while it was sent.</exception>
    public Task<Story> PostCompareAsync(
        NewStory story,
        MediaUpload before,
        MediaUpload after,
        string idempotencyKey,
        IProgress<long>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(story);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var fields = StoryFields.Of(story with { FileName = story.FileName ?? after.FileName, Compare = true });
        return _api.ReadAsync(Request, ContractsJson.Default.Story, RetryRule.AnyFault, cancel);

        HttpRequestMessage Request(IdleGuard guard)
        {
            var form = StoryFields.ToForm(
                fields,
                [
                    ("before", before.FileName, new MediaContent(before, guard, progress)),
                    ("after", null, new MediaContent(after, guard, progress is null ? null : new LaterProgress(progress, before.Bytes))),
                ]
            );
            var message = ApiConnection.WithKey(new(HttpMethod.Post, "/v1/stories") { Content = form }, idempotencyKey);
            message.Headers.ExpectContinue = before.Bytes + after.Bytes > AskFirstBytes;
            return message;
        }
    }

    /// <summary>Progress of a file that is sent after others.</summary>
    private sealed class LaterProgress(IProgress<long> whole, long sentBefore) : IProgress<long>
    {
        public void Report(long value) => whole.Report(sentBefore + value);
    }

    /// <summary>Posts a text card.</summary>
    /// <param name="story">With <see cref="NewStory.Text"/>, at most <see cref="Limits.TextBytes"/> bytes of UTF-8.</param>
    /// <param name="idempotencyKey">1–128 visible ASCII characters, the same for every try of this post.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>too_large</c>, <c>quota_reached</c>, <c>no_room</c>, <c>invalid_request</c>.</exception>
    public Task<Story> PostTextAsync(NewStory story, string idempotencyKey, CancellationToken cancel = default) =>
        _api.ReadAsync(
            _ =>
                ApiConnection.WithKey(
                    new(HttpMethod.Post, "/v1/stories") { Content = JsonContent.Create(story, ContractsJson.Default.NewStory) },
                    idempotencyKey
                ),
            ContractsJson.Default.Story,
            RetryRule.AnyFault,
            cancel
        );

    /// <summary>Gets the whole tray, unseen first, then newest.</summary>
    public async Task<TrayItem[]> GetTrayAsync(CancellationToken cancel = default) =>
        await _api.PagesAsync(cursor =>
                _api.GetAsync(
                    "/v1/tray" + QueryText.From([("limit", Limits.PageMaximum.ToString(CultureInfo.InvariantCulture)), ("cursor", cursor)]),
                    ContractsJson.Default.PageTrayItem,
                    cancel
                )
            )
            // A post between two pages moves items to the next page.
            .DistinctBy(item => (item.Author.Handle, item.Slot))
            .ToArrayAsync(cancel)
            .ConfigureAwait(false);

    /// <summary>Marks a story as seen. Repeating has no effect.</summary>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task MarkViewedAsync(string id, CancellationToken cancel = default) =>
        _api.CallAsync(HttpMethod.Put, $"/v1/stories/{ApiConnection.Segment(id)}/view", cancel);

    /// <summary>Lists all viewers of one of the caller's stories, earliest first.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public async Task<ViewerPage> ListAllViewersAsync(string id, CancellationToken cancel = default)
    {
        var pages = await ApiConnection
            .WholeAsync(cursor => ListViewersAsync(id, cursor, cancel), page => page.NextCursor)
            .ConfigureAwait(false);
        var whole = pages[^1] with { Items = [.. pages.SelectMany(page => page.Items)] };
        _api.Options.Received?.KeepMerged(whole, pages);
        return whole;
    }

    /// <summary>Lists one page of viewers of one of the caller's stories, earliest first.</summary>
    /// <exception cref="ApiException"><c>not_author</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    public Task<ViewerPage> ListViewersAsync(string id, string? cursor = null, CancellationToken cancel = default) =>
        _api.GetAsync(
            $"/v1/stories/{ApiConnection.Segment(id)}/viewers" + QueryText.From([("cursor", cursor)]),
            ContractsJson.Default.ViewerPage,
            cancel
        );

    /// <summary>Gets the server's limits. Needs no token.</summary>
    public Task<ServerLimits> GetLimitsAsync(CancellationToken cancel = default) =>
        _api.GetAsync("/v1/limits", ContractsJson.Default.ServerLimits, cancel);
}
