using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Goes back and on in a recording, by a few seconds or by many.</summary>
internal sealed class SeekRecording : TuiAction
{
    private SeekRecording(int seconds, string backName, string backKey, string onName, string onKey)
        : base(
            $"recording: {seconds} s back, on",
            null,
            new(backName, backKey, -seconds) { Help = $"recording: {seconds} s back" },
            new(onName, onKey, +seconds) { Help = $"recording: {seconds} s on" }
        ) { }

    public static SeekRecording Near { get; } = new(5, "back", "[", "on", "]");

    public static SeekRecording Far { get; } = new(30, "far-back", "{", "far-on", "}");

    public override bool Applies(Model model) =>
        model.Shown is { } shown && model.Loaded.Recordings.GetValueOrDefault(shown.Id)?.Recording is not null;

    public override Model Start(Model model, int step)
    {
        if (model.Shown is not { } shown || model.Loaded.Recordings.GetValueOrDefault(shown.Id)?.Recording is not { } recording)
        {
            return model;
        }
        var to = model.Elapsed + TimeSpan.FromSeconds(step);
        // Not the very beginning, which shows the end while it is paused.
        return model with
        {
            Elapsed =
                to <= TimeSpan.Zero ? TimeSpan.FromTicks(1)
                : to > recording.Length ? recording.Length
                : to,
        };
    }
}
