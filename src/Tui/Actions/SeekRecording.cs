using StoriesCli.Tui.App;
using StoriesCli.Tui.Recordings;
using StoriesCli.Tui.Videos;

namespace StoriesCli.Tui.Actions;

/// <summary>Goes back and on in a recording or in the video on the stage, by a few seconds or by many.</summary>
internal sealed class SeekRecording : TuiAction
{
    private SeekRecording(int seconds, string backName, string backKey, string onName, string onKey)
        : base(
            $"play: {seconds} s back, on",
            null,
            new(backName, backKey, -seconds) { Help = $"play: {seconds} s back" },
            new(onName, onKey, +seconds) { Help = $"play: {seconds} s on" }
        ) { }

    public static SeekRecording Near { get; } = new(5, "back", "[", "on", "]");

    public static SeekRecording Far { get; } = new(30, "far-back", "{", "far-on", "}");

    public override bool Applies(Model model) => model.Loaded.Video is not null || RecordingOf(model) is not null;

    public override Model Start(Model model, int step)
    {
        var by = TimeSpan.FromSeconds(step);
        var to = model.Elapsed + by;
        return model.Loaded.Video is { } video ? VideoPlayback.Seek(model, video, by)
            : RecordingOf(model) is not { } recording ? model
            : model with
            {
                // Not the very beginning, which shows the end while it is paused.
                Elapsed =
                    to <= TimeSpan.Zero ? TimeSpan.FromTicks(1)
                    : to > recording.Length ? recording.Length
                    : to,
            };
    }

    private static Recording? RecordingOf(Model model) =>
        model.ShownId is { } shown ? model.Loaded.Recordings.GetValueOrDefault(shown)?.Recording : null;
}
