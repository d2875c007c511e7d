using StoriesCli.Tui.Actions.Account;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Searches the viewer's own expired stories, or offers to turn the archive on.</summary>
internal sealed class ShowArchive() : TuiAction("your archive", null, new ActionKey("archive", "A"))
{
    private const int StoriesMaximum = 500;

    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => ListDialog.Load(model, "Your archive", new Load());

    public static Dialog DialogFor(Contracts.Account account) =>
        account.Archive
            ? new WordsPrompt()
            : new ConfirmDialog(
                "Your archive is off. Switch it on?",
                "What of yours expires from then on stays for you alone, for 90 days. It counts against your quota.",
                new ProfileSettings.Change(new() { Archive = true })
            );

    public sealed record Load : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new DialogOpened(DialogFor(await context.Client.Accounts.GetMeAsync(stop).ConfigureAwait(false)));
    }

    private sealed record WordsPrompt() : PromptDialog("Your archive", "words to look for; Enter alone shows everything", TextEdit.Empty)
    {
        protected override Command? Read(Model model, string answer) => new Search(answer);
    }

    public sealed record Search(string Words) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var found = await context
                .Client.Archive.ListAsync(Words.Length == 0 ? null : Words, stop)
                .Take(StoriesMaximum)
                .ToArrayAsync(stop)
                .ConfigureAwait(false);
            return new AlbumFound(Words.Length == 0 ? "archive" : $"archive / {Words}", [.. found], IsArchive: true);
        }
    }
}
