using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class CopyCaption() : StoryAction("copy its caption", null, new ActionKey("copy-caption", "Y"))
{
    public override bool WorksInArchive => true;

    protected override bool Applies(Model model, Story shown) => !string.IsNullOrWhiteSpace(shown.Caption);

    protected override Model Start(Model model, Story shown) =>
        string.IsNullOrWhiteSpace(shown.Caption)
            ? model.Notify("This story has no caption.")
            : model.Copy(CleanText.Lines(shown.Caption).Trim(), "the caption");
}
