using System.Collections.Concurrent;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.Features.Media;

/// <summary>Remembers damaged files, also over restarts, so that none of them is served until it is intact again.</summary>
internal sealed class DamagedMedia
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "media-check.json";

    // Enough to see what is wrong. The metrics and `purge --dry-run` show the rest.
    private const int NamedInLog = 100;

    private readonly ConcurrentDictionary<string, DamagedFile> _files = new(StringComparer.Ordinal);
    private readonly Lock _saving = new();
    private readonly DataDirectory _directory;
    private readonly MediaFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<DamagedMedia> _log;
    private bool _isChanged;
    private int _named;

    public DamagedMedia(DataDirectory directory, MediaFolder folder, TimeProvider time, ILogger<DamagedMedia> log)
    {
        (_directory, _folder, _time, _log) = (directory, folder, time, log);
        State = Load(directory.File(FileName));
        foreach (var file in State.Damaged)
        {
            _files[MediaFolder.NameOf(file.Story, file.Part)] = file;
        }
    }

    /// <summary>Progress of the check, as last saved.</summary>
    public MediaCheckState State { get; private set; }

    public int Count => _files.Count;

    /// <summary>All damaged files, ordered by story.</summary>
    public IReadOnlyList<DamagedFile> All => [.. _files.Values.OrderBy(file => file.Story, StringComparer.Ordinal)];

    public DamagedFile? Find(string id, string? part) => _files.GetValueOrDefault(MediaFolder.NameOf(id, part));

    /// <summary>Stops serving a file: logs it once, and deletes what was made from it.</summary>
    /// <param name="id">Id of the story.</param>
    /// <param name="part">Part of the story; null for the story's main file.</param>
    /// <param name="reason">What is wrong with the file.</param>
    /// <param name="isTold">Whether the caller reports the file itself, so that the log need not.</param>
    /// <param name="seen">Length and last write of what was found; null for those of the file in the folder.</param>
    public void Note(string id, string? part, string reason, bool isTold = false, (long Bytes, DateTimeOffset ModifiedAt)? seen = null)
    {
        var name = MediaFolder.NameOf(id, part);
        var (bytes, modified) = seen ?? _folder.Look(id, part);
        var file = new DamagedFile(id, part == StoryParts.After ? null : part, reason, _time.GetUtcNow(), bytes, modified);
        if (!_files.TryAdd(name, file))
        {
            // A damaged file may have been replaced by another damaged one.
            var before = _files.GetValueOrDefault(name);
            _files[name] = file with { FoundAt = before?.FoundAt ?? file.FoundAt };
            if (before != _files[name])
            {
                Volatile.Write(ref _isChanged, true);
            }
            return;
        }
        Volatile.Write(ref _isChanged, true);
        switch (isTold ? int.MaxValue : Interlocked.Increment(ref _named))
        {
            case <= NamedInLog:
                Log.MediaDamaged(_log, name, id, reason);
                break;
            case NamedInLog + 1:
                Log.MoreMediaDamaged(_log, NamedInLog);
                break;
        }
        _folder.DeleteDerived(id);
    }

    /// <summary>Removes a file that is intact, or whose story is gone.</summary>
    public void Forget(string id, string? part)
    {
        if (_files.TryRemove(MediaFolder.NameOf(id, part), out _))
        {
            Volatile.Write(ref _isChanged, true);
        }
    }

    /// <summary>Removes a file that was damaged and is intact again, and logs that.</summary>
    public void NoteWhole(string id, string? part)
    {
        if (Find(id, part) is not null)
        {
            Forget(id, part);
            Log.MediaWhole(_log, MediaFolder.NameOf(id, part), id);
        }
    }

    /// <summary>Starts a new count of logged files.</summary>
    public void BeginRound() => Volatile.Write(ref _named, 0);

    /// <summary>Saves the progress of the check and what it found, if that has changed.</summary>
    public void Save(MediaCheckState state)
    {
        lock (_saving)
        {
            if (!Volatile.Read(ref _isChanged) && state == State)
            {
                return;
            }
            Volatile.Write(ref _isChanged, false);
            var saved = state with { Damaged = [.. All] };
            AtomicFile.WriteAllText(_directory.File(FileName), JsonSerializer.Serialize(saved, MediaCheckJson.Default.MediaCheckState));
            State = saved;
        }
    }

    /// <summary>The error for the caller, <c>media_damaged</c>.</summary>
    public static ApiProblem Refusal(string reason) => new(Errors.MediaDamaged, $"the file of this story {reason}; it is not served");

    // The file is only a cache: if it is missing or unreadable, the check finds everything again.
    private static MediaCheckState Load(string path)
    {
        try
        {
            var state = File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllText(path), MediaCheckJson.Default.MediaCheckState)
                : null;
            return state is null || state.Damaged.Any(it => it is null || !Names.Id.IsMatch(it.Story)) ? new() : state;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new();
        }
    }
}
