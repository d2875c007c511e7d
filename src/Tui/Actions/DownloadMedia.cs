using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions;

/// <summary>Saves the file of a story into the current folder, whole or not at all. It replaces no file.</summary>
internal sealed class DownloadMedia() : StoryAction("download here", null, new ActionKey("download", "d"))
{
    public override bool WorksInArchive => true;

    public override bool IsOffWhenRestricted => true;

    protected override Model StartRestricted(Model model) => model.Notify("Saving files is off here: --restricted.");

    protected override bool Applies(Model model, Story shown) => !shown.Live;

    protected override Model Start(Model model, Story shown) =>
        shown.Live
            ? model.Notify("A live terminal is saved when its command has ended.")
            : model.Run(new Save(shown, model.Tray.OpenPlace!.IsArchive)).Notify("Saving…");

    public sealed record Save(Story Story, bool IsArchived = false) : Command
    {
        public override bool IsLong => true;

        public override bool IsOffWhenRestricted => true;

        public override string? GoneOn410 => IsArchived ? null : Story.Id;

        public override Model Progress(Model model, Transfer transfer) =>
            model.Notify($"Saving: {100 * transfer.Done / Math.Max(1, transfer.Total)} %");

        public override async Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop)
        {
            var folder = Path.GetFullPath(context.Options.Folder);
            var part = Path.Combine(folder, $".{Story.Id}.{Guid.NewGuid():N}.part");
            var progress = context.Transfer(Story.Media.Bytes);
            try
            {
                var file = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
                await using (file.ConfigureAwait(false))
                {
                    await (
                        IsArchived
                            ? context.Client.Archive.DownloadAsync(Story, file, progress, stop)
                            : context.Client.Media.DownloadAsync(Story, file, progress, stop)
                    ).ConfigureAwait(false);
                }
                return new Notice($"Saved as {Move(part, folder, MediaFileName.Of(Story))}");
            }
            finally
            {
                File.Delete(part);
            }
        }

        private static string Move(string part, string folder, string name)
        {
            for (var number = 1; ; number++)
            {
                var path = Path.Combine(
                    folder,
                    number == 1 ? name : $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}"
                );
                try
                {
                    File.Move(part, path, overwrite: false);
                    return path;
                }
                catch (IOException) when (number < 1000 && Path.Exists(path))
                {
                    // Taken: the next name.
                }
            }
        }
    }
}
