using System.Diagnostics;
using StoriesCli.Client.Players;
using StoriesCli.Contracts;
using StoriesCli.Tui.Images;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.App.Subscriptions;

/// <summary>Plays the video on the stage: mpv decodes it, and its pictures are drawn as others are. A pause ends mpv, which starts again at the place.</summary>
internal sealed class VideoPlayer(TuiOptions options, Action<Msg> post, CancellationToken cancel)
{
    // The size of most videos, for a video whose size the server does not know.
    private static readonly Box _usualSize = new(640, 360);

    private readonly Playback _playback = new(options.Client, options.Players);
    private Playing? _playing;

    /// <summary>One start of a video, in one size.</summary>
    private readonly record struct Showing(int Number, Box Area, Graphics Graphics);

    public void OnModelChanged(Model model)
    {
        Showing? wanted = VideoPlayback.Wanted(model) is { } video ? new(video.Number, model.Display.Area, model.Display.Graphics) : null;
        if (_playing?.Showing != wanted)
        {
            _playing?.Stop();
            _playing = wanted is { } showing ? new(this, showing, model.Shown!, model.Loaded.Video!.At) : null;
        }
        _playing?.Taken(model.Loaded.Video?.Picture);
    }

    /// <summary>One picture at most waits for the UI thread. While it does, those after it are dropped.</summary>
    private sealed class Playing
    {
        private static readonly TimeSpan _step = TimeSpan.FromSeconds(1) / MpvFrames.Rate;
        private static readonly TimeSpan _latest = TimeSpan.FromSeconds(1);

        private readonly VideoPlayer _player;
        private readonly Story _story;
        private readonly TimeSpan _from;
        private readonly CancellationTokenSource _stop;
        private readonly CancellationToken _stopped;
        private TimeSpan _lost;
        private Picture? _waiting;

        public Playing(VideoPlayer player, Showing showing, Story story, TimeSpan from)
        {
            (_player, Showing, _story, _from) = (player, showing, story, from);
            _stop = player.NewStop();
            _stopped = _stop.Token;
            _ = Task.Run(RunAsync, _stopped);
        }

        public Showing Showing { get; }

        public void Stop()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        /// <summary>The UI thread has this picture now.</summary>
        public void Taken(Picture? picture) => Interlocked.CompareExchange(ref _waiting, null, picture);

        private async Task RunAsync()
        {
            try
            {
                await PlayAsync().ConfigureAwait(false);
                _player.Post(new MediaMsg.VideoEnded(Showing.Number, null));
            }
            catch (OperationCanceledException)
            {
                // Nobody looks any more.
            }
            catch (ApiException e) when (e.Status == 410)
            {
                _player.Post(new ServerMsg.StoryGone(_story.Id));
            }
            catch (Exception e) when (e is PlayerException or ApiException or ServerUnreachableException or IOException)
            {
                if (!_stopped.IsCancellationRequested)
                {
                    _player.Post(new MediaMsg.VideoEnded(Showing.Number, e.Message));
                }
            }
        }

        private async Task PlayAsync()
        {
            var (area, graphics) = (Showing.Area, Showing.Graphics);
            var source = _story.Media is { Width: > 0 and var width, Height: > 0 and var height } ? new Box(width, height) : _usualSize;
            var size =
                graphics.Kind == GraphicsKind.Kitty
                    ? Raster.SizeOfFrame(source, area, graphics)
                    : BlockPicture.SizeOf(source, area, graphics);
            var address = await _player._playback.LinkAsync(_story, _stopped).ConfigureAwait(false);
            using var mpv = MpvFrames.Start(_player.Program, address, size.Width, size.Height, _from);
            var pixels = new byte[MpvFrames.BytesOf(size.Width, size.Height)];
            var clock = new Stopwatch();
            for (var count = 0; await mpv.ReadAsync(pixels, _stopped).ConfigureAwait(false); count++)
            {
                var at = count * _step;
                // The first picture is on time whenever it comes. If mpv is slower than the video, the video gets slower.
                if (count == 0 || clock.Elapsed - at - _lost > _latest)
                {
                    _lost = clock.Elapsed - at;
                    clock.Start();
                }
                var early = at + _lost - clock.Elapsed;
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, _stopped).ConfigureAwait(false);
                }
                // Dropped when it is too late, or when the terminal has not taken the one before.
                if (early > -_step && Volatile.Read(ref _waiting) is null)
                {
                    var picture = Draw(new(size.Width, size.Height, pixels), area, graphics);
                    Volatile.Write(ref _waiting, picture);
                    _player.Post(new MediaMsg.FrameArrived(Showing.Number, _from + at, picture));
                }
            }
        }

        /// <summary>Through tmux, by sixel or as a file, a picture takes too many bytes to be sent 15 times a second: there are blocks.</summary>
        private static Picture Draw(PixelBuffer frame, Box area, Graphics graphics) =>
            new(
                area,
                graphics.Kind == GraphicsKind.Kitty
                    ? BlockPicture.Of(frame, area, graphics)
                    : BlockPicture.FromPixels(frame, graphics.Blocks, graphics.Dithering)
            )
            {
                Graphics = graphics,
                Raster = graphics.Kind == GraphicsKind.Kitty ? Raster.OfFrame(frame, area, graphics) : null,
            };
    }

    private string Program => options.FindDecoder() ?? throw new PlayerException("mpv is not installed any more.");

    private CancellationTokenSource NewStop() => CancellationTokenSource.CreateLinkedTokenSource(cancel);

    private void Post(Msg message) => post(message);
}
