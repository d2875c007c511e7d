using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Searches while somebody types. The stories that were found open as an album.</summary>
internal sealed class SearchStories() : TuiAction("search", "search", new ActionKey("search", "/"))
{
    private const int StoriesMaximum = 100;

    /// <summary>How long nothing has to be typed before the server is asked.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(150);

    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => model with { Dialog = new HitList(TextEdit.Empty) };

    /// <summary>When the search for what was typed begins; null: none waits.</summary>
    public static DateTimeOffset? DueAt(Model model) => (model.Dialog as HitList)?.DueAt;

    public static Model StartDue(Model model) =>
        model.Dialog is HitList { DueAt: { } due } list && due <= model.Now ? list.Search(model) : model;

    /// <summary>A story that was found, and its age at that time.</summary>
    public sealed record Hit(Story Story, string Age);

    /// <summary>What is typed, and what was found.</summary>
    public sealed record HitList(TextEdit Text) : Dialog
    {
        private const int Page = 10;

        public ImmutableArray<Hit> Hits { get; init; } = [];

        /// <summary>The words that <see cref="Hits"/> belong to; null: nothing was found yet.</summary>
        public string? Found { get; init; }

        /// <summary>The server has more than were asked for.</summary>
        public bool HasMore { get; init; }

        /// <summary>The chosen one.</summary>
        public int At { get; init; }

        public DateTimeOffset? DueAt { get; init; }

        /// <summary>Enter was pressed before anything was found: what is found opens.</summary>
        public bool OpensWhenFound { get; init; }

        public string Words => Text.Text.Trim();

        /// <summary>What was found belongs to other words.</summary>
        public bool IsSearching => Words.Length > 0 && Error is null && Found != Words;

        public override bool TakesText => true;

        public override string Hint => "↑ ↓ choose   Enter opens   Esc closes";

        public override Model Type(Model model, string text) => Edit(model, Text.Insert(CleanText.OneLine(text)));

        public override Model Press(Model model, EditKey key) =>
            key switch
            {
                EditKey.Enter => Enter(model),
                EditKey.Up or EditKey.BackTab => Move(model, At - 1),
                EditKey.Down or EditKey.Tab => Move(model, At + 1),
                EditKey.PageUp => Move(model, At - Page),
                EditKey.PageDown => Move(model, At + Page),
                _ => Edit(model, Text.After(key)),
            };

        public override Model Close(Model model) => Cancel(model) with { Dialog = null };

        /// <summary>Asks the server at once, and no longer for what was typed before.</summary>
        public Model Search(Model model) => Cancel(model with { Dialog = this with { DueAt = null } }).Run(new Find(Words));

        private Model Edit(Model model, TextEdit text)
        {
            var edited = this with { Text = text };
            if (edited.Words == Words)
            {
                return model with { Dialog = edited };
            }
            edited = edited with { Error = null, OpensWhenFound = false };
            return Cancel(model) with
            {
                Dialog =
                    edited.Words.Length == 0 ? new HitList(text) : edited with { DueAt = edited.IsSearching ? model.Now + _pause : null },
            };
        }

        private Model Enter(Model model) =>
            Words.Length == 0 ? model
            : IsSearching ? (this with { OpensWhenFound = true }).Search(model)
            : At < Hits.Length ? Open(model, Hits[At].Story.Id)
            : model;

        public Model Open(Model model, string storyId) =>
            Albums.OpenAt(Close(model), $"/ {Words}", [.. Hits.Select(hit => hit.Story)], storyId);

        private Model Move(Model model, int to) =>
            model with
            {
                Dialog = this with { At = Math.Clamp(to, 0, Math.Max(0, Hits.Length - 1)) },
            };

        private static Model Cancel(Model model) => model with { Commands = model.Commands.RemoveAll(command => command is Find) };
    }

    public sealed record Find(string Words) : Command
    {
        public override CommandResult Fail(string reason) => new NotFound(Words, reason);

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var page = await context.Client.Stories.ListAsync(new() { Search = Words, Limit = StoriesMaximum }, stop).ConfigureAwait(false);
            return new Found(Words, [.. page.Items], page.NextCursor is not null);
        }
    }

    /// <param name="Words">What was searched for.</param>
    /// <param name="Stories">What the server found, newest first.</param>
    /// <param name="HasMore">There are others.</param>
    public sealed record Found(string Words, ImmutableArray<Story> Stories, bool HasMore = false) : CommandResult
    {
        public override Model Update(Model model, bool awaited)
        {
            if (model.Dialog is not HitList list || list.Words != Words)
            {
                return model;
            }
            var found = list with
            {
                Hits = [.. Stories.Select(story => new Hit(story, Format.Ago(model.Now - story.CreatedAt)))],
                Found = Words,
                HasMore = HasMore,
                At = 0,
                OpensWhenFound = false,
            };
            return list.OpensWhenFound && !Stories.IsEmpty ? found.Open(model, Stories[0].Id) : model with { Dialog = found };
        }
    }

    public sealed record NotFound(string Words, string Reason) : CommandResult
    {
        public override Model Update(Model model, bool awaited) =>
            model.Dialog is HitList list && list.Words == Words
                ? model with
                {
                    Dialog = list with { Hits = [], Found = null, Error = Reason, OpensWhenFound = false },
                }
                : model;
    }
}
