using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Videos;

/// <summary>The video that is played on the stage. While it is there, the time of its story stands still.</summary>
internal static class VideoPlayback
{
    /// <summary>Begins at the start of the shown video.</summary>
    public static Model Begin(Model model, Story story) => Restart(model, story.Id, TimeSpan.Zero, picture: null) with { Paused = false };

    /// <summary>Goes to another place. The picture stays until there is one from there.</summary>
    public static Model Seek(Model model, StageVideo video, TimeSpan by)
    {
        var to = video.At + by;
        var end = TimeOf(model) ?? TimeSpan.MaxValue;
        return Restart(
            model,
            video.StoryId,
            to < TimeSpan.Zero ? TimeSpan.Zero
                : to > end ? end
                : to,
            video.Picture
        );
    }

    private static Model Restart(Model model, string storyId, TimeSpan at, Picture? picture) =>
        model with
        {
            Loaded = model.Loaded with
            {
                Video = new(storyId, model.Loaded.LastVideo + 1, at, picture),
                LastVideo = model.Loaded.LastVideo + 1,
            },
        };

    /// <summary>The video whose pictures are wanted now; null: none, also while it pauses or something is written.</summary>
    public static StageVideo? Wanted(Model model) => model is { Paused: false, Help: false, Dialog: null } ? model.Loaded.Video : null;

    /// <summary>How much of the video on the stage was shown, from 0 to 1; null: there is none, or nobody knows how long it is.</summary>
    public static double? ShareOf(Model model) =>
        model.Loaded.Video is { } video && TimeOf(model) is { Ticks: > 0 } time ? Math.Clamp(video.At / time, 0, 1) : null;

    private static TimeSpan? TimeOf(Model model) =>
        model.Shown?.Media.DurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Going on to another story stops the video.</summary>
    public static Model Follow(Model model) =>
        model.Loaded.Video is { } video && (video.StoryId != model.ShownId || model.Link.Connection == Connection.SignedOut)
            ? Leave(model)
            : model;

    /// <summary>Shows the next picture; what comes late is dropped.</summary>
    public static Model Show(Model model, MediaMsg.FrameArrived frame) =>
        Wanted(model) is { } video && video.Number == frame.Number
            ? model with
            {
                Loaded = model.Loaded with { Video = video with { At = frame.At, Picture = frame.Picture } },
            }
            : model;

    /// <summary>A video that was played stays a while as its first picture, as after another player.</summary>
    public static Model End(Model model, MediaMsg.VideoEnded ended) =>
        model.Loaded.Video is not { } video || video.Number != ended.Number ? model
        : ended.Error is { } error ? Stop(model).Notify(error)
        : Stop(model) with { Marks = model.Marks with { Played = model.Marks.Played.Add(video.StoryId) } };

    /// <summary>Ends it before it is over.</summary>
    public static Model Stop(Model model) => Leave(model) with { Elapsed = TimeSpan.Zero, Note = null };

    private static Model Leave(Model model) => model with { Loaded = model.Loaded with { Video = null } };
}
