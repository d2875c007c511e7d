using System.Collections.Immutable;
using StoriesCli.Contracts;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Actions.Post;

/// <summary>Chooses a file for the post form: the folders and the files that can be posted.</summary>
internal static class ChooseFile
{
    /// <param name="model">With the form to come back to.</param>
    /// <param name="folder">Where to begin; null: the current folder.</param>
    public static Model Start(Model model, string? folder) => ListDialog.Load(model, "Choose a file", new LoadFolder(folder));

    public sealed record FileChosen(string Path) : ActionMsg
    {
        public override Model Update(Model model) =>
            (model.Unsent.Post ?? model.Dialog as PostForm) is { } form ? model with { Dialog = form.WithFile(Path) } : model;
    }

    public sealed record FolderChosen(string Path) : ActionMsg
    {
        public override Model Update(Model model) => ListDialog.Load(model, Path, new LoadFolder(Path));
    }

    public sealed record LoadFolder(string? Folder) : Command
    {
        private const int FilesMaximum = 2000;

        public override bool IsOffWhenRestricted => true;

        public override Task<CommandResult> RunAsync(CommandContext context, CancellationToken stop) =>
            Task.FromResult<CommandResult>(Read(Folder ?? context.Options.Folder));

        private static ListLoaded Read(string path)
        {
            var folder = new DirectoryInfo(Path.GetFullPath(path));
            var inside = folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).Take(FilesMaximum).ToArray();
            var choices = ImmutableArray.CreateBuilder<Choice>();
            choices.AddRange(
                inside
                    .OfType<DirectoryInfo>()
                    .OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(entry => new Choice(entry.Name + "/", "folder", new FolderChosen(entry.FullName)))
            );
            choices.AddRange(
                inside.OfType<FileInfo>().OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Select(Show).OfType<Choice>()
            );
            return new(choices.ToImmutable(), folder.FullName, new FolderChosen(folder.Parent?.FullName ?? folder.FullName));
        }

        /// <summary>Null for a file that no server accepts, and for one that cannot be read.</summary>
        private static Choice? Show(FileInfo file)
        {
            try
            {
                if (file.Length == 0)
                {
                    return null;
                }
                using var content = new FileStream(
                    file.FullName,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0
                );
                var head = new byte[MediaKind.HeadBytes];
                var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
                return MediaKind.Guess(head.AsSpan(0, read)) is { } kind
                    ? new(file.Name, $"{kind} · {ByteSize.Format(file.Length)}", new FileChosen(file.FullName))
                    : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
