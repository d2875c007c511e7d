using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Cards;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>Offers what a story has to be copied.</summary>
internal sealed class CopyMenu() : StoryAction("copy a part of it", null, new ActionKey("copy-menu", "y") { Classic = "" })
{
    private const int ExcerptCharacters = 200,
        ExcerptColumns = 40,
        LabelColumns = 7;

    public override bool WorksInArchive => true;

    protected override Model Start(Model model, Story shown) =>
        model with
        {
            Dialog = new TextList([.. Choices(model, shown)])
            {
                StoryId = shown.Id,
                IsNumbered = true,
                Frame = "copy",
            },
        };

    private static IEnumerable<Choice> Choices(Model model, Story story)
    {
        if (!string.IsNullOrWhiteSpace(story.Caption))
        {
            yield return Of("c", "caption", CleanText.Lines(story.Caption).Trim(), "the caption");
        }
        if (TextCards.TextOf(model, story) is { Length: > 0 } card)
        {
            yield return Of(
                "t",
                "text",
                CleanText.Lines(card),
                TextCards.IsWhole(model, story) ? "the text" : "its beginning: the rest is still loading"
            );
            yield return new("lines…", "", new InputMsg.Start(new SelectLines())) { Key = "v" };
        }
        if (model.Loaded.Details.GetValueOrDefault(story.Id)?.Replies is { IsEmpty: false } replies)
        {
            yield return Of(
                "r",
                "thread",
                string.Join(
                    '\n',
                    replies.Select(reply =>
                        $"@{reply.Author.Handle} {Format.When(reply.CreatedAt, model.Session.Zone, model.Now)}  {CleanText.Lines(reply.Text).Trim()}"
                    )
                ),
                "the thread"
            );
        }
        foreach (var (address, i) in OpenLink.AddressesOf(story).Select((address, i) => (address, i)))
        {
            yield return Of(i == 0 ? "l" : $"{i + 1}", "link", CleanText.OneLine(address), "the link");
        }
        yield return Of("i", "id", story.Id, "the id");
    }

    private static Choice Of(string key, string label, string text, string what) =>
        new(
            label.PadRight(LabelColumns),
            Cells.Cut(CleanText.OneLine(text[..Math.Min(text.Length, ExcerptCharacters)]), ExcerptColumns),
            new Chosen(text, what)
        )
        {
            Key = key,
        };

    private sealed record TextList(ImmutableArray<Choice> All) : ListDialog("What do you want to copy?", All)
    {
        public override string Hint => "↑ ↓ choose   Enter copies   Esc closes";
    }

    private sealed record Chosen(string Text, string What) : ActionMsg
    {
        public override Model Update(Model model) => (model with { Dialog = null }).Copy(Text, What);
    }
}
