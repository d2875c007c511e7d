using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Post;

/// <summary>Posts a file or a text card. The form keeps what was written until it was posted.</summary>
internal sealed class PostStory() : TuiAction("post something new", "new", new ActionKey("new", "n"))
{
    public override bool Applies(Model model) => model.Link.Connection != Connection.SignedOut;

    protected override Model Start(Model model) => model with { Dialog = model.Unsent.Post ?? PostForm.New(model.Session.Restricted) };

    /// <param name="Story">The fields; the text if there is no file.</param>
    /// <param name="File">Path of the file, if there is one.</param>
    /// <param name="Key">Idempotency key: a second try with the same key posts nothing twice.</param>
    /// <param name="Before">Path of the picture before, for a before/after story.</param>
    public sealed record Send(NewStory Story, string? File, string Key, string? Before = null) : Command
    {
        public override bool IsLong => true;

        public override bool IsOffWhenRestricted => File is not null;

        public override Model Progress(Model model, Transfer transfer) =>
            model.Dialog is FormDialog form && form.Command == Number ? model with { Dialog = form with { Upload = transfer } } : model;

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            new Posted(await PostAsync(context, stop).ConfigureAwait(false));

        private async Task<Story> PostAsync(CommandContext context, CancellationToken stop)
        {
            var client = context.Client;
            var story =
                Story.Answers == PostForm.Today
                    ? Story with
                    {
                        Answers = (await client.Questions.GetAsync(stop).ConfigureAwait(false)).Id,
                    }
                    : Story;
            if (File is not { } path)
            {
                return await client.Stories.PostTextAsync(story, Key, stop).ConfigureAwait(false);
            }
            var limits = await client.Stories.GetLimitsAsync(stop).ConfigureAwait(false);
            var file = UploadFile.Open(context.FullPath(path), limits);
            if (Before is { } earlier)
            {
                return await CompareAsync(context, story, UploadFile.Open(context.FullPath(earlier), limits), file, stop)
                    .ConfigureAwait(false);
            }
            return file.Text is { } text
                ? await client
                    .Stories.PostTextAsync(story with { Text = text, FileName = file.Media.FileName }, Key, stop)
                    .ConfigureAwait(false)
                : await client.Stories.PostAsync(story, file.Media, Key, context.Transfer(file.Media.Bytes), stop).ConfigureAwait(false);
        }

        private Task<Story> CompareAsync(
            CommandContext context,
            NewStory story,
            UploadFile before,
            UploadFile after,
            CancellationToken stop
        ) =>
            new[] { before, after }.FirstOrDefault(file => file.Kind != StoryKinds.Image) is { } other
                ? throw new UploadRefusedException(
                    $"{CleanText.OneLine(other.Media.FileName ?? "")} is {other.Kind}: two pictures are compared, JPEG, PNG, GIF or WebP."
                )
                : context.Client.Stories.PostCompareAsync(
                    story,
                    before.Media,
                    after.Media,
                    Key,
                    context.Transfer(before.Media.Bytes + after.Media.Bytes),
                    stop
                );
    }

    public sealed record Posted(Story Story) : CommandResult
    {
        public override Model Update(Model model, bool awaited)
        {
            model = EventUpdate.Put(model.CloseDialog(awaited), Story);
            return (model with { Unsent = model.Unsent with { Post = null } }).Notify("Posted.");
        }
    }
}
