using System.Globalization;
using System.Net.Http.Headers;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

/// <summary>Media of stories: downloads, still pictures and links.</summary>
public sealed class MediaClient
{
    private readonly ApiConnection _api;

    internal MediaClient(ApiConnection api) => _api = api;

    // With growing pauses this takes half a minute.
    private const int FruitlessMaximum = 11;

    /// <summary>Opens a story's media as a stream.</summary>
    /// <param name="id">The story.</param>
    /// <param name="from">Offset of the first wanted byte.</param>
    /// <param name="ifRange">Entity tag with its quotes: if the media have changed, they are sent from the start.</param>
    /// <param name="part">One of <see cref="StoryParts"/> of a before/after story, or null.</param>
    /// <param name="cancel">Cancels the call. Reading the stream takes its own token.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>range_not_satisfiable</c>; <c>invalid_request</c> for a part of a story that has none.</exception>
    public Task<MediaDownload> OpenAsync(
        string id,
        long from = 0,
        string? ifRange = null,
        string? part = null,
        CancellationToken cancel = default
    ) => OpenAsync($"/v1/stories/{ApiConnection.Segment(id)}/media" + QueryText.From([("part", part)]), from, ifRange, cancel);

    internal async Task<MediaDownload> OpenAsync(string path, long from, string? ifRange, CancellationToken cancel)
    {
        var answer = await _api.SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, RetryRule.AnyFault, cancel)
            .ConfigureAwait(false);
        return new(answer, await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false));

        HttpRequestMessage Request(IdleGuard guard)
        {
            var message = new HttpRequestMessage(HttpMethod.Get, path);
            if (from > 0)
            {
                message.Headers.Range = new(from, null);
                message.Headers.IfRange = ifRange is null ? null : new RangeConditionHeaderValue(ifRange);
            }
            return message;
        }
    }

    /// <summary>Downloads a story's media, resumes after each break, and checks their SHA-256.</summary>
    /// <param name="story">The story as received.</param>
    /// <param name="target">Appended to. If it can seek, its content counts as the beginning of an earlier try.</param>
    /// <param name="progress">Receives the number of bytes so far, on any thread.</param>
    /// <param name="cancel">Cancels the download; the target keeps the received bytes.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    /// <exception cref="InvalidDataException">The bytes do not match the story's length and SHA-256.</exception>
    public Task DownloadAsync(Story story, Stream target, IProgress<long>? progress = null, CancellationToken cancel = default) =>
        DownloadAsync(story, null, target, progress, cancel);

    /// <summary>Downloads one picture of a before/after story, as <see cref="DownloadAsync(Story, Stream, IProgress{long}, CancellationToken)"/> does.</summary>
    /// <param name="story">The story as received.</param>
    /// <param name="part">One of <see cref="StoryParts"/>; null for the story's main file.</param>
    /// <param name="target">Written to at its end.</param>
    /// <param name="progress">Receives the number of bytes so far, on any thread.</param>
    /// <param name="cancel">Cancels the download; the target keeps the received bytes.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    /// <exception cref="ArgumentException">The story has no such part.</exception>
    /// <exception cref="InvalidDataException">The bytes do not match the story's length and SHA-256.</exception>
    public Task DownloadAsync(
        Story story,
        string? part,
        Stream target,
        IProgress<long>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(story);
        var file =
            (part is null ? story.Media : story.FindPart(part))
            ?? throw new ArgumentException($"The story has no part {part}.", nameof(part));
        return DownloadAsync(file, (from, ifRange) => OpenAsync(story.Id, from, ifRange, part, cancel), target, progress, cancel);
    }

    internal async Task DownloadAsync(
        StoryMedia file,
        Func<long, string?, Task<MediaDownload>> open,
        Stream target,
        IProgress<long>? progress,
        CancellationToken cancel
    )
    {
        using var copy = new MediaCopy(file, target, progress);
        await copy.TakeWhatIsThereAsync(cancel).ConfigureAwait(false);
        for (var fruitless = 0; !copy.IsComplete; )
        {
            var before = copy.Bytes;
            using var guard = new IdleGuard(_api.Options, cancel);
            try
            {
                var media = await open(copy.Bytes, copy.EntityTag).ConfigureAwait(false);
                await using var _ = media.ConfigureAwait(false);
                await copy.AppendAsync(media, guard).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpIOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                fruitless = copy.Bytes > before ? 0 : fruitless + 1;
                if (fruitless > (_api.Options.Retries ?? FruitlessMaximum))
                {
                    throw _api.Unreachable(new(HttpRequestError.ResponseEnded, e.Message, e));
                }
                await Task.Delay(_api.Options.RetryPause * fruitless, _api.Options.Clock, cancel).ConfigureAwait(false);
            }
        }
        copy.Verify();
    }

    /// <summary>Gets a still picture of a story, upright, as JPEG.</summary>
    /// <param name="id">The story.</param>
    /// <param name="maxWidth">In pixels, 1–1,920; never enlarged.</param>
    /// <param name="maxHeight">In pixels, 1–1,920; never enlarged.</param>
    /// <param name="part">One of <see cref="StoryParts"/> of a before/after story, or null.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>poster_unavailable</c>, <c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>; <c>invalid_request</c> for a part of a story that has none.</exception>
    public async Task<byte[]> GetPosterAsync(
        string id,
        int maxWidth,
        int maxHeight,
        string? part = null,
        CancellationToken cancel = default
    )
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/stories/{ApiConnection.Segment(id)}/poster?width={maxWidth}&height={maxHeight}{(part is null ? "" : "&part=" + part)}"
        );
        using var answer = await _api.SendAsync(
                _ => new(HttpMethod.Get, path) { Headers = { Accept = { new("image/jpeg") } } },
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        return await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Creates a signed link to a story's media, which needs no token.</summary>
    /// <param name="id">The story.</param>
    /// <param name="ttl">Lifetime, at most <see cref="Limits.LinkTtlMaximum"/> and no longer than the story.</param>
    /// <param name="part">One of <see cref="StoryParts"/> of a before/after story, or null.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>invalid_request</c>.</exception>
    public Task<MediaLink> CreateLinkAsync(string id, TimeSpan ttl, string? part = null, CancellationToken cancel = default) =>
        _api.PostAsync(
            $"/v1/stories/{ApiConnection.Segment(id)}/links",
            new NewLink { Ttl = Durations.Format(ttl), Part = part },
            ContractsJson.Default.NewLink,
            ContractsJson.Default.MediaLink,
            cancel
        );

    /// <summary>Gets visible pictures, videos and audio, oldest first, as an extended M3U playlist. Its links need no token and are valid for an hour at most.</summary>
    /// <param name="author">Handle of the author; null for all authors.</param>
    /// <param name="unseen">Whether to leave out what the caller has seen.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>invalid_request</c>.</exception>
    public async Task<string> GetPlaylistAsync(string? author = null, bool unseen = false, CancellationToken cancel = default)
    {
        var path = "/v1/playlist.m3u8" + QueryText.From([("author", author), ("unseen", unseen ? "true" : null)]);
        using var answer = await _api.SendAsync(
                _ => new(HttpMethod.Get, path),
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
    }
}
