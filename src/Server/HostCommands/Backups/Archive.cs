using System.CommandLine;
using StoriesCli.Contracts.Backups;
using StoriesCli.Posix;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage.Buckets;

namespace StoriesCli.Server.HostCommands.Backups;

/// <summary>An archive that is read from its beginning to its end, in a file or in a bucket.</summary>
internal static class Archive
{
    private static readonly string[] Named = ["s3-endpoint", "s3-region", "s3-credentials"];

    /// <summary>Options of a command that can read from a bucket, by the names of the server's own.</summary>
    public static IReadOnlyDictionary<string, Option<string>> BucketOptions() =>
        OptionTable
            .All.Where(option => Named.Contains(option.Name))
            .ToDictionary(
                option => option.Name,
                option => new Option<string>(option.Flag)
                {
                    Description = option.Meaning.Replace(" of `--media`", "", StringComparison.Ordinal),
                    HelpName = option.Value,
                }
            );

    /// <summary>Those that are given.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="options">Options by the names of the server's own.</param>
    /// <param name="more">More options of the command that the server has too.</param>
    public static Dictionary<string, string> Given(
        ParseResult parsed,
        IReadOnlyDictionary<string, Option<string>> options,
        params Option<string>[] more
    ) =>
        options
            .Concat(more.Select(option => KeyValuePair.Create(option.Name[2..], option)))
            .Select(it => (it.Key, Value: parsed.GetValue(it.Value)))
            .Where(it => it.Value is not null)
            .ToDictionary(it => it.Key, it => it.Value!, StringComparer.Ordinal);

    /// <param name="place">Path of a file, or <c>s3://BUCKET/KEY</c>.</param>
    /// <param name="settings">How to reach the bucket.</param>
    /// <param name="cancel">Cancels the wait for the bucket.</param>
    /// <exception cref="BackupException">It is no file: opening a pipe would wait for its writer.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<Stream> OpenAsync(string place, BucketSettings settings, CancellationToken cancel)
    {
        if (!BucketAddress.IsOne(place))
        {
            return FileKind.IsRegularOrNone(place)
                ? new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read)
                : throw new BackupException($"{place} is a pipe or a device. Name a file.");
        }
        var address = Parse(place);
        var slash = address.Prefix.LastIndexOf('/');
        var (folder, name) = slash < 0 ? ("", address.Prefix) : (address.Prefix[..slash], address.Prefix[(slash + 1)..]);
        // It lives as long as the stream, which ends with the process.
        var bucket = new Bucket(new(address.Bucket, folder), settings);
        await bucket.VerifyEndpointAsync(cancel).ConfigureAwait(false);
        return await bucket.OpenReadAsync(name, cancel).ConfigureAwait(false) ?? throw new BackupException($"there is no {place}");
    }

    private static BucketAddress Parse(string place)
    {
        try
        {
            return BucketAddress.Parse(place) is { Prefix.Length: > 0 } address
                ? address
                : throw new BackupException($"{place} names a bucket and no archive in it");
        }
        catch (FormatException e)
        {
            throw new BackupException($"its address {e.Message}");
        }
    }
}
