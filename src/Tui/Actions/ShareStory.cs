using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Creates a page of the viewer's own story for people outside the team, and shows its address once.</summary>
internal sealed class ShareStory() : StoryAction("share your story", null, new ActionKey("share", "s"))
{
    public override bool IsForAuthor => true;

    protected override Model Start(Model model, Story shown) => model with { Dialog = new LifetimePrompt { StoryId = shown.Id } };

    private sealed record LifetimePrompt()
        : PromptDialog(
            "Share it as a page that everybody with the address can open, for",
            $"such as 6h or 2d, at most {Durations.Format(Limits.ShareTtlMaximum)}",
            TextEdit.Proposing(Durations.Format(Limits.ShareTtl))
        )
    {
        protected override Command? Read(Model model, string answer) =>
            Durations.TryParse(answer, out var time) && time > TimeSpan.Zero && time <= Limits.ShareTtlMaximum
                ? new Make(StoryId!, time)
                : null;
    }

    public sealed record Make(string StoryId, TimeSpan Ttl) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new Made(StoryId, await context.Client.Shares.CreateAsync(StoryId, Ttl, stop).ConfigureAwait(false));
    }

    public sealed record Made(string StoryId, MadeShare Share) : CommandResult
    {
        public override Model Update(Model model, bool awaited)
        {
            var end = Share.ExpiresAt.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);
            var dialog = new LinkDialog(
                "Shared, and copied. It is shown this once.",
                Share.Url,
                $"Everybody who has it sees the story until {end} UTC. To revoke it: your shares, in the settings"
            );
            return (model with { Dialog = dialog with { StoryId = StoryId } }).Copy(Share.Url);
        }
    }
}
