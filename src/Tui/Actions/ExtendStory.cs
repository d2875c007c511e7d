using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class ExtendStory() : StoryAction("change the lifetime", null, new ActionKey("extend", "t"))
{
    public override bool IsForAuthor => true;

    protected override Model Start(Model model, Story shown) => model with { Dialog = new LifetimePrompt { StoryId = shown.Id } };

    private sealed record LifetimePrompt() : PromptDialog("Lifetime from now on", "such as 90m, 6h or 7d", TextEdit.Proposing("24h"))
    {
        protected override Command? Read(Model model, string answer) =>
            Durations.TryParse(answer, out _) ? new EditStory.Change(StoryId!, new() { Ttl = answer }) : null;
    }
}
