using System.Globalization;
using System.Text.RegularExpressions;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>Where the server puts its scheduled backups: a folder or a bucket. It leaves other files there alone.</summary>
internal abstract partial class BackupPlace
{
    private const string TimeForm = "yyyyMMdd-HHmmss";

    /// <summary>Folder in which an archive is written before it has its name.</summary>
    public abstract string WorkFolder { get; }

    /// <summary>Whether an archive is written to the disk of the data directory before it is sent.</summary>
    public virtual bool IsBehindDisk => false;

    /// <summary>How the host is told of a backup.</summary>
    public abstract string Show(string name);

    /// <summary>Finds out whether it can be used, and removes what a killed server left there.</summary>
    /// <exception cref="IOException">It cannot be used. The message says why.</exception>
    public abstract Task PrepareAsync(CancellationToken cancel);

    /// <summary>Gives an archive its name. On return it is kept there, whole.</summary>
    /// <param name="file">The archive, open, in <see cref="WorkFolder"/>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancel">Cancels before it has its name.</param>
    /// <exception cref="IOException">It is not there under its name.</exception>
    public abstract Task KeepAsync(FileStream file, string name, CancellationToken cancel);

    public abstract Task DeleteAsync(string name, CancellationToken cancel);

    protected abstract Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel);

    public static BackupPlace Of(ServerOptions options, DataDirectory directory) =>
        options.Backups.Bucket is { } bucket
            ? new BucketPlace(new(bucket, options.S3), directory)
            : new FolderPlace(options.Backups.Folder!);

    public static string NameOf(DateTimeOffset at) =>
        $"stories-scheduled-{at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}.tar";

    /// <summary>All backups that are there, the newest first.</summary>
    public async Task<IReadOnlyList<(string Name, DateTimeOffset At)>> ListAsync(CancellationToken cancel) =>
        [
            .. (await NamesAsync(cancel).ConfigureAwait(false))
                .Select(name => (Name: name, At: TimeOf(name)))
                .Where(it => it.At is not null)
                .Select(it => (it.Name, it.At!.Value))
                .OrderByDescending(it => it.Value),
        ];

    private static DateTimeOffset? TimeOf(string name) =>
        Form().Match(name) is { Success: true } match
        && DateTimeOffset.TryParseExact(
            match.Groups[1].Value,
            TimeForm,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;

    [GeneratedRegex(@"^stories-scheduled-(\d{8}-\d{6})\.tar$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>Puts backups into a folder, which may be on another disk.</summary>
internal sealed class FolderPlace(string folder) : BackupPlace
{
    private const string PartForm = ".stories-scheduled-*.part";

    public override string WorkFolder => folder;

    public override string Show(string name) => Path.Combine(folder, name);

    public override Task PrepareAsync(CancellationToken cancel)
    {
        PrivateFile.MakeFolder(folder);
        foreach (var left in Directory.EnumerateFiles(folder, PartForm))
        {
            File.Delete(left);
        }
        return Task.CompletedTask;
    }

    public override Task KeepAsync(FileStream file, string name, CancellationToken cancel)
    {
        AtomicFile.Place(file, Show(name));
        return Task.CompletedTask;
    }

    public override Task DeleteAsync(string name, CancellationToken cancel)
    {
        File.Delete(Show(name));
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(folder).Select(Path.GetFileName)!]);
}

/// <summary>Puts backups into a bucket. They are written on this machine first: an object has its name only when all of it is there.</summary>
internal sealed class BucketPlace(Bucket bucket, DataDirectory directory) : BackupPlace, IDisposable
{
    public override string WorkFolder => directory.TemporaryPath;

    public override bool IsBehindDisk => true;

    public override string Show(string name) => bucket.Address.UrlOf(name);

    public void Dispose() => bucket.Dispose();

    public override Task PrepareAsync(CancellationToken cancel) => bucket.VerifyAsync(cancel);

    public override async Task KeepAsync(FileStream file, string name, CancellationToken cancel)
    {
        await bucket.PutAsync(name, file.SafeFileHandle, file.Length, cancel).ConfigureAwait(false);
        if ((await bucket.FindAsync(name, cancel).ConfigureAwait(false))?.Bytes != file.Length)
        {
            throw new BucketUnavailableException($"{Show(name)} was sent, and is not there as it was sent");
        }
    }

    public override Task DeleteAsync(string name, CancellationToken cancel) => bucket.DeleteAsync(name, cancel);

    protected override async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel)
    {
        var names = new List<string>();
        await foreach (var it in bucket.ListAsync("stories-scheduled-", after: null, cancel: cancel).ConfigureAwait(false))
        {
            names.Add(it.Name);
        }
        return names;
    }
}
