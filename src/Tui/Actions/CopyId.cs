using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class CopyId() : StoryAction("copy its id", null, new ActionKey("copy", "") { Classic = "y" })
{
    public override bool WorksInArchive => true;

    protected override Model Start(Model model, Story shown) => model.Copy(shown.Id).Notify($"Copied: {shown.Id}");
}
