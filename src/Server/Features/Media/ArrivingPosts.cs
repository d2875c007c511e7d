using System.Collections.Concurrent;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Posts whose files may be in their places although no row names them yet.</summary>
internal sealed class ArrivingPosts(DataDirectory directory, MediaFolder folder)
{
    private readonly ConcurrentDictionary<string, bool> _arriving = new(StringComparer.Ordinal);

    /// <summary>
    /// Until the result is disposed, files of this id do not count as left-overs, although no row names them yet. A note on disk says so
    /// too, so that after a kill they are recognised as files of a post that was never answered.
    /// </summary>
    public Expected Expect(string id)
    {
        _arriving[id] = true;
        directory.MakeMediaFolder(id);
        PrivateFile.Open(NoteOf(id), FileMode.Create, FileShare.None).Dispose();
        return new Expected(this, id);
    }

    /// <summary>Whether a post with this id is under way.</summary>
    public bool Has(string id) => _arriving.ContainsKey(id);

    /// <summary>Whether a post with this id began and nobody noted its end.</summary>
    public bool WasInterrupted(string id) => !Has(id) && File.Exists(NoteOf(id));

    /// <summary>Ids of posts that began and whose end nobody noted.</summary>
    public IEnumerable<string> Interrupted() =>
        Directory
            .EnumerateFiles(directory.TemporaryPath, "*" + DataDirectory.ArrivingSuffix)
            .Select(note => Path.GetFileNameWithoutExtension(note)!)
            .Where(id => !Has(id));

    /// <summary>When a post with this id began, by the clock of the machine.</summary>
    public DateTimeOffset BeganAt(string id) => File.GetLastWriteTimeUtc(NoteOf(id));

    /// <summary>Removes the note of a finished post: its story is known, or its files are gone.</summary>
    public void Forget(string id) => File.Delete(NoteOf(id));

    private string NoteOf(string id) => Path.Combine(directory.TemporaryPath, id + DataDirectory.ArrivingSuffix);

    internal sealed class Expected(ArrivingPosts posts, string id) : IDisposable
    {
        private bool _isSettled;

        /// <summary>Notes that the story was acknowledged, so its row is on disk.</summary>
        public void Settle() => _isSettled = true;

        public void Dispose()
        {
            // When it is in doubt whether the row exists, or what a bucket has, the note stays until the sweeper has seen the row or removed the files.
            if (_isSettled || (!posts.HoldsCopies && !posts.HasFiles(id)))
            {
                posts.Forget(id);
            }
            posts._arriving.TryRemove(id, out _);
        }
    }

    private bool HoldsCopies => directory.HoldsCopies;

    private bool HasFiles(string id) => folder.HasFiles(id);
}
