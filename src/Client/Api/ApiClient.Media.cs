using System.Globalization;
using System.Net.Http.Headers;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Api;

public sealed partial class ApiClient
{
    // With the growing pauses between them half a minute passes.
    private const int FruitlessMaximum = 11;

    /// <summary>Opens a story's media for reading, without holding them in memory.</summary>
    /// <param name="id">The story.</param>
    /// <param name="from">Offset of the first byte that is wanted.</param>
    /// <param name="ifRange">Entity tag in its quotes: when the media are others by now, they come from their start.</param>
    /// <param name="part">One of <see cref="StoryParts"/> of a before/after story, or null.</param>
    /// <param name="cancel">Ends the call; the stream is read under the reader's own.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>range_not_satisfiable</c>; <c>invalid_request</c> for a part of a story that has none.</exception>
    public Task<MediaDownload> OpenMediaAsync(
        string id,
        long from = 0,
        string? ifRange = null,
        string? part = null,
        CancellationToken cancel = default
    ) => OpenAsync($"/v1/stories/{Segment(id)}/media" + QueryText.From([("part", part)]), from, ifRange, cancel);

    private async Task<MediaDownload> OpenAsync(string path, long from, string? ifRange, CancellationToken cancel)
    {
        var answer = await SendAsync(Request, HttpCompletionOption.ResponseHeadersRead, RetryRule.AnyFault, cancel).ConfigureAwait(false);
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

    /// <summary>Downloads a story's media, resuming after each break, and checks their SHA-256.</summary>
    /// <param name="story">As the server gave it.</param>
    /// <param name="target">Written to at its end; when it can seek, what it holds already counts as the beginning of an earlier try.</param>
    /// <param name="progress">Told the bytes that are there, on any thread.</param>
    /// <param name="cancel">Ends the download; the target keeps what came.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the story names.</exception>
    public Task DownloadAsync(Story story, Stream target, IProgress<long>? progress = null, CancellationToken cancel = default) =>
        DownloadAsync(story, null, target, progress, cancel);

    /// <summary>Downloads one picture of a before/after story, as <see cref="DownloadAsync(Story, Stream, IProgress{long}, CancellationToken)"/> does.</summary>
    /// <param name="story">As the server gave it.</param>
    /// <param name="part">One of <see cref="StoryParts"/> that the story has; null for the file that every story has.</param>
    /// <param name="target">Written to at its end.</param>
    /// <param name="progress">Told the bytes that are there, on any thread.</param>
    /// <param name="cancel">Ends the download; the target keeps what came.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>.</exception>
    /// <exception cref="ArgumentException">The story has no such part.</exception>
    /// <exception cref="InvalidDataException">The bytes are not those that the story names.</exception>
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
        return DownloadAsync(file, (from, ifRange) => OpenMediaAsync(story.Id, from, ifRange, part, cancel), target, progress, cancel);
    }

    private async Task DownloadAsync(
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
            using var guard = new IdleGuard(_options, cancel);
            try
            {
                var media = await open(copy.Bytes, copy.EntityTag).ConfigureAwait(false);
                await using var _ = media.ConfigureAwait(false);
                await copy.AppendAsync(media, guard).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpIOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                fruitless = copy.Bytes > before ? 0 : fruitless + 1;
                if (fruitless > (_options.Retries ?? FruitlessMaximum))
                {
                    throw Unreachable(new(HttpRequestError.ResponseEnded, e.Message, e));
                }
                await Task.Delay(_options.RetryPause * fruitless, _options.Clock, cancel).ConfigureAwait(false);
            }
        }
        copy.Verify();
    }

    /// <summary>A still picture of a story, upright, as JPEG.</summary>
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
            $"/v1/stories/{Segment(id)}/poster?width={maxWidth}&height={maxHeight}{(part is null ? "" : "&part=" + part)}"
        );
        using var answer = await SendAsync(
                _ => new(HttpMethod.Get, path) { Headers = { Accept = { new("image/jpeg") } } },
                HttpCompletionOption.ResponseContentRead,
                RetryRule.AnyFault,
                cancel
            )
            .ConfigureAwait(false);
        return await answer.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Makes a signed address of a story's media, which a player opens without a token.</summary>
    /// <param name="id">The story.</param>
    /// <param name="ttl">How long it holds, at most <see cref="Limits.LinkTtlMaximum"/>; never past the story.</param>
    /// <param name="part">One of <see cref="StoryParts"/> of a before/after story, which the link is then for alone; or null.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ApiException"><c>story_not_found</c>, <c>story_expired</c>, <c>story_deleted</c>, <c>invalid_request</c>.</exception>
    public Task<MediaLink> CreateLinkAsync(string id, TimeSpan ttl, string? part = null, CancellationToken cancel = default) =>
        PostAsync(
            $"/v1/stories/{Segment(id)}/links",
            new NewLink { Ttl = Durations.Format(ttl), Part = part },
            ContractsJson.Default.NewLink,
            ContractsJson.Default.MediaLink,
            cancel
        );
}
