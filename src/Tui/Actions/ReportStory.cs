using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class ReportStory() : StoryAction("report it to the admins", null, new ActionKey("report", "!"))
{
    protected override bool Applies(Model model, Story shown) => shown.Author.Handle != model.Session.Me;

    protected override Model Start(Model model, Story shown) =>
        shown.Author.Handle == model.Session.Me
            ? model.Notify($"This story is your own: {model.Session.Keys.Label("delete")} deletes it.")
            : model with
            {
                Dialog = new ReasonPrompt(shown.Author.Handle) { StoryId = shown.Id },
            };

    private sealed record ReasonPrompt(string Handle)
        : PromptDialog($"Report this story of @{Handle} to the admins", "why; its author does not learn who reported it", TextEdit.Empty)
    {
        protected override Command? Read(Model model, string answer) => answer.Length > 0 ? new Send(StoryId!, answer) : null;
    }

    public sealed record Send(string StoryId, string Reason) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            await context.Client.Reports.CreateAsync(StoryId, Reason, stop).ConfigureAwait(false);
            return new Notice("Reported to the admins.");
        }
    }
}
