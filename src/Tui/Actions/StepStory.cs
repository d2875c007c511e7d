using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Goes to the story before, or after.</summary>
internal sealed class StepStory()
    : TuiAction(
        "previous, or next story",
        "story",
        new("previous", "left h", -1) { Classic = "left", Help = "previous story" },
        new("next", "right l", +1) { Classic = "right", Help = "next story" }
    )
{
    public static Msg Next { get; } = new InputMsg.Start(new StepStory(), +1);

    public static Msg Previous { get; } = new InputMsg.Start(new StepStory(), -1);

    public override bool Applies(Model model) => model.Shown is not null || model.Tray.IsCaughtUp;

    public override Model Start(Model model, int step) => Navigation.Step(model, step);
}
