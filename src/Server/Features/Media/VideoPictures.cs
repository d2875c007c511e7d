using System.Collections.Concurrent;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Features.Media;

/// <summary>One frame of each video, from which its posters are made. It is taken once, stored beside the media and deleted with them.</summary>
internal sealed class VideoPictures(
    MediaStore store,
    MediaFolder folder,
    PosterCache cache,
    Ffmpeg ffmpeg,
    TimeProvider time,
    ILogger<VideoPictures> log
)
{
    private const string Suffix = "picture.jpg";
    private const int FailuresRemembered = 10_000;
    private const int UnderWayMaximum = 64;

    // Long enough that a hostile video costs next to nothing; short enough that one that failed under load gets its poster.
    private static readonly TimeSpan FailureLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Lazy<Task>> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, string Reason)> _failures = new(StringComparer.Ordinal);

    /// <returns>Path of the frame.</returns>
    /// <exception cref="PosterUnavailableException">There can be no frame, or making one failed recently.</exception>
    public async Task<string> GetAsync(string id, StoryMedia media, MediaFacts facts, CancellationToken cancel)
    {
        if (!folder.HasDerived(id, Suffix))
        {
            if (ffmpeg.Refusal is { } refusal)
            {
                throw new PosterUnavailableException(refusal);
            }
            if (_failures.TryGetValue(id, out var failure) && failure.Until > time.GetUtcNow())
            {
                throw new PosterUnavailableException(failure.Reason);
            }
            if (_underWay.Count >= UnderWayMaximum)
            {
                throw new ApiProblem(Errors.ServerUnavailable, $"{UnderWayMaximum} pictures of videos are being taken already")
                {
                    RetryAfter = TimeSpan.FromSeconds(5),
                };
            }
            // Later requests wait for the same frame, even when the first caller has gone.
            await _underWay.GetOrAdd(id, key => new(() => TakeAsync(key, media, facts))).Value.WaitAsync(cancel).ConfigureAwait(false);
        }
        return folder.PathOfDerived(id, Suffix);
    }

    private async Task TakeAsync(string id, StoryMedia media, MediaFacts facts)
    {
        try
        {
            using var file = await store.BorrowAsync(id, part: null, media).ConfigureAwait(false);
            cache.Keep(id, Suffix, await ffmpeg.TakePictureAsync(file.Path, facts).ConfigureAwait(false), always: true);
        }
        catch (PosterUnavailableException e)
        {
            Remember(id, e);
            throw;
        }
        finally
        {
            _underWay.TryRemove(id, out _);
        }
    }

    private void Remember(string id, PosterUnavailableException failure)
    {
        var now = time.GetUtcNow();
        if (_failures.Count >= FailuresRemembered)
        {
            foreach (var (old, _) in _failures.Where(f => f.Value.Until <= now))
            {
                _failures.TryRemove(old, out _);
            }
            if (_failures.Count >= FailuresRemembered)
            {
                _failures.Clear();
            }
        }
        _failures[id] = (now + FailureLife, failure.Message);
        Log.NoPictureOfVideo(log, id, failure.InnerException?.Message ?? failure.Message);
    }
}
