using StoriesCli.Contracts;
using StoriesCli.Tui.Images;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Loads, decodes and scales nearby pictures off the UI thread. It caches the last few, for going back and for a resize.</summary>
internal sealed class PictureLoader(ApiClient client, Action<Msg> post, CancellationToken cancel) : IDisposable
{
    /// <summary>Enough for blocks on wide terminals, and decodes in a few milliseconds.</summary>
    private const int PosterPixels = 640;
    private const long KeptBytesMaximum = 8 * 1024 * 1024;
    private const long ForgottenBytesMaximum = 12 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Form> _asked = [];
    private readonly List<Kept> _kept = [];

    // Decoding takes many megabytes, so pictures are decoded one after the other.
    private readonly SemaphoreSlim _room = new(1);

    private volatile HashSet<string> _wanted = [];
    private long _tidiedAt;

    /// <summary>The area and the terminal a picture is made for.</summary>
    private readonly record struct Form(Box Area, Graphics Graphics)
    {
        public static Form? Of(Picture? picture) => picture is null ? null : new(picture.Area, picture.Graphics);
    }

    /// <param name="Key">Of the picture.</param>
    /// <param name="Side">The pixels that the server was asked for.</param>
    /// <param name="Pixels">The decoded file.</param>
    /// <param name="File">The file, for terminals that decode it themselves; else null.</param>
    private sealed record Kept(string Key, int Side, PixelBuffer Pixels, byte[]? File)
    {
        public long Bytes => Pixels.Rgb.Length + (File?.Length ?? 0);
    }

    private sealed record Fetched(string Key, Kept? Kept, byte[] File);

    public void OnModelChanged(Model model)
    {
        var nearby = Prefetch.NearbyPictures(model);
        _wanted = [.. nearby.Select(wanted => wanted.Key)];
        foreach (var (key, asked) in _asked.ToArray())
        {
            if (Form.Of(model.Loaded.Pictures.GetValueOrDefault(key)) == asked || !_wanted.Contains(key))
            {
                _asked.Remove(key);
            }
        }
        foreach (var wanted in nearby)
        {
            var form = new Form(Prefetch.AreaOf(model, wanted.Story), model.Display.Graphics);
            if (Form.Of(model.Loaded.Pictures.GetValueOrDefault(wanted.Key)) != form && _asked.GetValueOrDefault(wanted.Key) != form)
            {
                _asked[wanted.Key] = form;
                var archived = model.Tray.IsArchived(wanted.Story.Id);
                _ = Task.Run(() => DeliverAsync(wanted, form, archived), cancel);
            }
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task DeliverAsync(WantedPicture wanted, Form form, bool archived)
    {
        var (area, graphics) = form;
        try
        {
            var side = SideFor(graphics.PixelsIn(area));
            var files = new List<Fetched>();
            foreach (var source in wanted.Sources)
            {
                files.Add(await FetchAsync(wanted.Story, source, side, archived).ConfigureAwait(false));
            }
            await _room.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                // If the viewer has gone on, OnModelChanged requests it again when they come back.
                if (_wanted.Contains(wanted.Key))
                {
                    Kept[] sources =
                    [
                        .. files.Select(file => file.Kept ?? Find(file.Key, side) ?? Keep(Decode(file, side, graphics.Kind, archived))),
                    ];
                    var source = sources.Select(kept => kept.Pixels).Aggregate((one, other) => one.Blend(other));
                    var raster =
                        graphics.Kind == GraphicsKind.Blocks
                            ? null
                            : Raster.Of(source, area, graphics, sources is [{ File: var file }] ? file : null);
                    post(new MediaMsg.PictureArrived(wanted.Key, area, BlockPicture.Of(source, area, graphics), raster, graphics));
                }
            }
            finally
            {
                TidyUp();
                _room.Release();
            }
        }
        catch (ApiException e) when (e.Status == 410)
        {
            post(new ServerMsg.StoryGone(wanted.Story.Id));
        }
        catch (Exception e) when (e is ApiException or ServerUnreachableException or InvalidDataException)
        {
            post(new MediaMsg.PictureMissing(wanted.Key, area, e.Message, graphics));
        }
    }

    private static Kept Decode(Fetched fetched, int side, GraphicsKind kind, bool archived) =>
        new(
            fetched.Key,
            side,
            archived ? ArchivedPicture.Decode(fetched.File, side) : PixelBuffer.Decode(fetched.File),
            // An archived file may have to be turned, and is larger than a poster.
            kind == GraphicsKind.Iterm
            && !archived
            && ItermEncoder.Takes(fetched.File)
                ? fetched.File
                : null
        );

    /// <summary>Uses the cache if it can.</summary>
    private async Task<Fetched> FetchAsync(Story story, CompareSide source, int side, bool archived)
    {
        var key = Comparison.KeyOf(story.Id, source);
        if (Find(key, side) is { } kept)
        {
            return new(key, kept, []);
        }
        return new(
            key,
            null,
            archived
                ? await ArchivedPicture.ReadAsync(client, story, cancel).ConfigureAwait(false)
                : await client.Media.GetPosterAsync(story.Id, side, side, Comparison.PartOf(source), cancel).ConfigureAwait(false)
        );
    }

    /// <summary>Pictures are large and short-lived. The garbage collector goes by the machine's memory, and would keep many of them.</summary>
    private void TidyUp()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - Interlocked.Read(ref _tidiedAt) > ForgottenBytesMaximum)
        {
            Interlocked.Exchange(ref _tidiedAt, allocated);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static int SideFor(Box pixels) => Math.Max(Limits.PosterSideFor(Math.Max(pixels.Width, pixels.Height)), PosterPixels);

    private Kept? Find(string key, int side)
    {
        lock (_lock)
        {
            return _kept.Find(kept => kept.Key == key && kept.Side == side);
        }
    }

    private Kept Keep(Kept picture)
    {
        lock (_lock)
        {
            _kept.RemoveAll(kept => kept.Key == picture.Key);
            _kept.Add(picture);
            for (var bytes = _kept.Sum(kept => kept.Bytes); bytes > KeptBytesMaximum && _kept.Count > 1; _kept.RemoveAt(0))
            {
                bytes -= _kept[0].Bytes;
            }
        }
        return picture;
    }
}
