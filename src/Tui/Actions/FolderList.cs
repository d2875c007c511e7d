using System.Collections.Immutable;
using StoriesCli.Tui.App;
using StoriesCli.Tui.Screen;

namespace StoriesCli.Tui.Actions;

/// <summary>What a folder holds that can be posted, and the ways out of it.</summary>
internal static class FolderList
{
    private const int FilesMaximum = 2000;

    public static Outcome Read(string path)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(path));
        var inside = folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')).Take(FilesMaximum).ToArray();
        var choices = ImmutableArray.CreateBuilder<Choice>();
        choices.AddRange(
            inside
                .OfType<DirectoryInfo>()
                .OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                .Select(entry => new Choice(entry.Name + "/", "folder", new Msg.FolderChosen(entry.FullName)))
        );
        choices.AddRange(
            inside.OfType<FileInfo>().OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Select(Show).OfType<Choice>()
        );
        return new Outcome.Listed(choices.ToImmutable(), folder.FullName, new Msg.FolderChosen(folder.Parent?.FullName ?? folder.FullName));
    }

    /// <summary>Null for what no server takes, and for what cannot be read.</summary>
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
                ? new(file.Name, $"{kind} · {Words.Size(file.Length)}", new Msg.FileChosen(file.FullName))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
