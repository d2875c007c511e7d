using StoriesCli.Contracts;
using StoriesCli.Tui.Actions.Post;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Changes caption, tags, audience and replies of the viewer's own story.</summary>
internal sealed class EditStory() : StoryAction("edit your story", null, new ActionKey("edit", "E"))
{
    public override bool IsForAuthor => true;

    protected override Model Start(Model model, Story shown) => model with { Dialog = Form.Of(shown) };

    private sealed record Form : FormDialog
    {
        private Form(Story story)
            : base(
                "Edit",
                "Save",
                [
                    new("caption", "Caption", "", TextEdit.Of(story.Caption)),
                    new("tags", "Tags", "", TextEdit.Of(string.Join(' ', story.Tags))),
                    new("audience", "Audience", "only narrower: handles that remain", TextEdit.Empty, FieldKind.People),
                    FormField.Toggle("replies", "Replies", ["on", "off"], story.RepliesOn ? "on" : "off"),
                ]
            ) => StoryId = story.Id;

        public static Form Of(Story story) => new(story);

        protected override Model Submit(Model model) =>
            Await(
                model,
                new Change(
                    StoryId!,
                    new()
                    {
                        Caption = this["caption"],
                        Tags = PostForm.Words(this["tags"]) ?? [],
                        Audience = PostForm.Words(this["audience"]),
                        RepliesOn = this["replies"] == "on",
                    }
                )
            );
    }

    public sealed record Change(string StoryId, StoryEdit Edit) : Command
    {
        public override string? GoneOn410 => StoryId;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var edited = await context.Client.Stories.EditAsync(StoryId, Edit, stop).ConfigureAwait(false);
            return new StoryChanged(
                edited,
                Edit.Ttl is not { } ttl ? "Changed."
                    : edited.KeptIn is { } kept ? $"It leaves tray and lists in {ttl}, and stays kept in {kept}."
                    : $"It ends in {ttl}."
            );
        }
    }
}
