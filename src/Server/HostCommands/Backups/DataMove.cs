using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Engines;
using StoriesCli.Server.Storage.Engines.LiteDb;
using StoriesCli.Server.Storage.Engines.Postgres;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>What a move did.</summary>
/// <param name="Stories">Number of stories.</param>
/// <param name="Files">Number of their files that are at the new place now, each compared with its hash.</param>
/// <param name="Bytes">Bytes of these files.</param>
/// <param name="WereThere">How many of them an earlier move had brought.</param>
/// <param name="Damaged">Files that are missing or damaged at the old place, and so are not at the new one.</param>
/// <param name="LostRows">Rows that were lost at the old place when its data file was damaged.</param>
/// <param name="Rows">The collections that came from one engine into another, each compared; none where the files were copied.</param>
internal sealed record MoveReport(
    int Stories,
    int Files,
    long Bytes,
    int WereThere,
    IReadOnlyList<(string Name, string Fault)> Damaged,
    IReadOnlyList<string> LostRows,
    IReadOnlyList<RowSum> Rows
);

/// <summary>
/// Makes a new data directory of the one of a stopped server, with the media in a folder or in a bucket, and the rows in it or in PostgreSQL.
/// The old ones are only read. Rows always pass through a data file in the new directory, so that each way is a part of the same one.
/// </summary>
internal sealed class DataMove : IDisposable
{
    /// <summary>
    /// Keys that sign links and open the secrets of webhooks. The key of the ids of events stays behind: numbers begin anew, so that a
    /// client that resumes must be told to load everything.
    /// </summary>
    public static readonly IReadOnlyCollection<string> Keys = ["link-key", "webhook-key"];

    private const string CommandName = "stories-server migrate";

    private readonly DataDirectory _from;
    private readonly DataDirectory _to;
    private readonly WebApplication _app;
    private readonly MediaStore _source;
    private readonly MediaStore _target;
    private long _done;

    private DataMove(DataDirectory from, DataDirectory to, WebApplication app, MediaStore source) =>
        (_from, _to, _app, _source, _target) = (from, to, app, source, app.Services.GetRequiredService<MediaStore>());

    /// <param name="from">The old data directory.</param>
    /// <param name="fromDatabase">Database with the rows of the old one; null when they are in its directory.</param>
    /// <param name="options">Where the new one is, and its bucket and its database if it has them.</param>
    /// <param name="build">Makes the server that reads the rows. It is not started.</param>
    /// <param name="cancel">Stops between two files. The next move goes on from there.</param>
    /// <exception cref="DataDirectoryException">One of the directories cannot be used.</exception>
    /// <exception cref="IOException">A file could not be read or kept. The next move goes on from there.</exception>
    public static async Task<MoveReport> RunAsync(
        string from,
        PostgresAddress? fromDatabase,
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        HostCommands.VerifyThere(options with { Data = from, Database = fromDatabase });
        using var source = DataDirectory.OpenToLook(from);
        using var oldRows = fromDatabase is null ? null : PostgresSource.Open(fromDatabase);
        using var newRows = options.Database is null ? null : PostgresTarget.Open(options.Database);
        using var target = RestoreTarget.Open(options.Data, keepsStage: true);
        MoveReport report;
        try
        {
            newRows?.Begin(CommandName);
            using var stage = DataDirectory.Open(target.Stage);
            var came = BringRows(source, oldRows, stage);
            report = await MoveMediaAsync(source, stage, options, build, cancel).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            oldRows?.VerifyHeld();
            report = report with { Rows = newRows is null ? came : Take(stage, newRows) };
        }
        catch (OptionUnusableException)
        {
            // Nothing has been moved, and with other options nothing of this is of use.
            newRows?.GiveUp();
            target.GiveUp();
            throw;
        }
        target.Finish();
        return report;
    }

    /// <summary>Makes the data file in the new directory. A file that an interrupted run left is made anew: rows are small.</summary>
    private static IReadOnlyList<RowSum> BringRows(DataDirectory source, PostgresSource? rows, DataDirectory stage)
    {
        if (rows is not null)
        {
            return rows.CopyInto(stage, Keys);
        }
        RowFiles.Copy(source, stage);
        foreach (var name in Keys)
        {
            if (File.Exists(source.File(name)))
            {
                AtomicFile.Copy(source.File(name), stage.File(name));
            }
            else
            {
                File.Delete(stage.File(name));
            }
        }
        return [];
    }

    /// <summary>Takes rows and keys out of a directory that is being made, into PostgreSQL.</summary>
    public static IReadOnlyList<RowSum> Take(DataDirectory stage, PostgresTarget rows)
    {
        var sums = rows.Fill(stage, Keys);
        RowFiles.Delete(stage);
        foreach (var name in Keys)
        {
            File.Delete(stage.File(name));
        }
        return sums;
    }

    private static async Task<MoveReport> MoveMediaAsync(
        DataDirectory source,
        DataDirectory stage,
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        CancellationToken cancel
    )
    {
        // However young, and whatever the service's clock says, a file of a story that is not moved is somebody else's.
        var moved = options with
        {
            Data = stage.Path,
            LogFile = null,
            Database = null,
            Backups = new(),
            StrayAge = -TimeSpan.FromDays(1),
        };
        await using var app = build(moved, stage, TimeProvider.System);
        // Requested only because it creates every store, so that their collections are registered.
        app.Services.GetRequiredService<Start>();
        var database = app.Services.GetRequiredService<Database>();
        await database.OpenAsync().ConfigureAwait(false);
        using var move = new DataMove(source, stage, app, SourceOf(source, stage, moved, app));
        return await move.RunAsync(Lost(database), cancel).ConfigureAwait(false);
    }

    /// <summary>Rows that could not be read at the old place, or that were lost there before.</summary>
    private static IReadOnlyList<string> Lost(Database database) =>
        [
            .. database.Quarantine.Rows.Keys.Order(StringComparer.Ordinal).Select(id => $"the row {id} was on a damaged page"),
            .. database.LostLogPages > 0
                ? [$"the last changes were on {Counted.Of(database.LostLogPages, "damaged page")} of the log"]
                : Array.Empty<string>(),
        ];

    public void Dispose() => (_source as IDisposable)?.Dispose();

    private static MediaStore SourceOf(DataDirectory from, DataDirectory stage, ServerOptions options, WebApplication app)
    {
        if (MediaMark.Read(from) is not { } bucket)
        {
            var folder = new MediaFolder(from);
            return new FolderStore(folder, new(from, folder), from);
        }
        from.HoldCopies();
        // Temporary files go into the new directory: the old one is only read.
        var copies = new MediaFolder(stage);
        return new BucketStore(
            copies,
            new(stage, copies),
            stage,
            app.Services.GetRequiredService<StoredMediaIndex>(),
            options with
            {
                MediaBucket = BucketAddress.Parse(bucket),
            }
        );
    }

    private async Task<MoveReport> RunAsync(IReadOnlyList<string> lost, CancellationToken cancel)
    {
        await _target.PrepareAsync(cancel).ConfigureAwait(false);
        var stories = _app.Services.GetRequiredService<StoryInventory>().StoredMedia();
        await VerifyNobodyElseIsThereAsync(stories, cancel).ConfigureAwait(false);
        CopyLive();
        var files = stories.SelectMany(story => story.Files.Select(file => (story.Id, file.Part, file.Media))).ToList();
        var damaged = new List<(string Name, string Fault)>();
        var wereThere = new HashSet<string>(StringComparer.Ordinal);
        using (ProgressLine.Start("moving media", () => Interlocked.Read(ref _done), files.Sum(file => file.Media.Bytes)))
        {
            foreach (var (id, part, media) in files)
            {
                var name = MediaFolder.NameOf(id, part);
                if (await IsThereAsync(id, part, media, cancel).ConfigureAwait(false))
                {
                    wereThere.Add(name);
                }
                else if (await MoveAsync(id, part, media, cancel).ConfigureAwait(false) is { } fault)
                {
                    damaged.Add((name, fault));
                }
                Interlocked.Add(ref _done, media.Bytes);
            }
        }
        Interlocked.Exchange(ref _done, 0);
        var whole = files.Where(file => !damaged.Any(it => it.Name == MediaFolder.NameOf(file.Id, file.Part))).ToList();
        using (ProgressLine.Start("comparing them", () => Interlocked.Read(ref _done), whole.Sum(file => file.Media.Bytes)))
        {
            foreach (var (id, part, media) in whole)
            {
                // The files that were there have just been compared.
                var fault = wereThere.Contains(MediaFolder.NameOf(id, part))
                    ? null
                    : await _target.FindFaultAsync(id, part, media, pace: null, cancel).ConfigureAwait(false);
                if (fault is not null)
                {
                    throw new IOException(
                        $"{MediaFolder.NameOf(id, part)} was moved to {_target.Place}, and there it {fault}. Run the command again."
                    );
                }
                Interlocked.Add(ref _done, media.Bytes);
            }
        }
        return new(stories.Count, whole.Count, whole.Sum(file => file.Media.Bytes), wereThere.Count, damaged, lost, []);
    }

    /// <summary>A server deletes files that its rows do not know: in a bucket that another one uses, those of the other one.</summary>
    private async Task VerifyNobodyElseIsThereAsync(IEnumerable<StoredMedia> stories, CancellationToken cancel)
    {
        var ids = stories.Select(story => story.Id).ToHashSet(StringComparer.Ordinal);
        var others = await _target.FindLeftOversAsync(ids.Contains, among: null, cancel).CountAsync(cancel).ConfigureAwait(false);
        if (others > 0)
        {
            throw new DataDirectoryException(
                $"'{_target.Place}' holds {Counted.Of(others, "file")} that '{_from.Path}' does not know. A server would delete them: name a place that nobody uses."
            );
        }
    }

    private async Task<bool> IsThereAsync(string id, string? part, StoryMedia media, CancellationToken cancel) =>
        (await _target.LookAsync(id, part, cancel).ConfigureAwait(false)).Bytes == media.Bytes
        && await _target.FindFaultAsync(id, part, media, pace: null, cancel).ConfigureAwait(false) is null;

    /// <returns>What is wrong with the file at the old place; null when it is at the new one.</returns>
    private async Task<string?> MoveAsync(string id, string? part, StoryMedia media, CancellationToken cancel)
    {
        await using var old = await _source.OpenAsItIsAsync(id, part, cancel).ConfigureAwait(false);
        if (old is null)
        {
            return MediaReader.Missing;
        }
        await using var file = IncomingFile.Create(_to);
        var buffer = new byte[256 * 1024];
        for (int read; (read = await old.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0; )
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
        }
        if (file.Bytes != media.Bytes)
        {
            return MediaReader.WrongLength(file.Bytes, media);
        }
        if (Convert.ToHexStringLower(await file.HashAsync().ConfigureAwait(false)) is var sha256 && sha256 != media.Sha256)
        {
            return MediaReader.WrongHash(sha256, media);
        }
        _to.MakeMediaFolder(id);
        await _target.KeepAsync(file, id, part, cancel).ConfigureAwait(false);
        return null;
    }

    /// <summary>Live terminals are on the machine that runs them, wherever the media are.</summary>
    private void CopyLive()
    {
        var (old, anew) = (new MediaFolder(_from), new MediaFolder(_to));
        foreach (var id in _app.Services.GetRequiredService<LiveStories>().All().Where(id => File.Exists(old.GrowingPathOf(id))))
        {
            _to.MakeMediaFolder(id);
            AtomicFile.Copy(old.GrowingPathOf(id), anew.GrowingPathOf(id));
        }
    }

    /// <summary>Sentences for the host.</summary>
    public static string Describe(MoveReport report, string place)
    {
        var files = string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Stories(report.Stories)} moved into {place}: {Counted.Of(report.Files, "file")} with {Counted.Of(report.Bytes, "byte")}, all compared with their hashes; {report.WereThere:N0} were there already."
        );
        var filled = report.Rows.Where(it => it.Rows > 0).OrderBy(it => it.Collection, StringComparer.Ordinal).ToList();
        return filled.Count == 0
            ? files
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{files}\n{Counted.Of(filled.Sum(it => it.Rows), "row")} moved, all compared: {string.Join(", ", filled.Select(it => string.Create(CultureInfo.InvariantCulture, $"{it.Collection} {it.Rows:N0}")))}."
            );
    }
}
