using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

internal sealed class SearchStories() : TuiAction("search", "search", new ActionKey("search", "/"))
{
    private const int StoriesMaximum = 200;

    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => model with { Dialog = new WordsPrompt() };

    private sealed record WordsPrompt() : PromptDialog("Search", "words in captions, texts, tags and names", TextEdit.Empty)
    {
        protected override Command? Read(Model model, string answer) => answer.Length > 0 ? new Search(answer) : null;
    }

    public sealed record Search(string Words) : Command
    {
        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var found = await context
                .Client.Stories.ListAsync(new() { Search = Words, Limit = StoriesMaximum }, stop)
                .ConfigureAwait(false);
            return new AlbumFound($"/ {Words}", [.. found.Items]);
        }
    }
}
