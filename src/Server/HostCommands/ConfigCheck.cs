using System.CommandLine;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary><c>stories-server --check-config</c>: all checks of a start, and no start.</summary>
internal static class ConfigCheck
{
    private const int Valid = 0,
        Taken = 1,
        Usage = 2;

    // Somebody waits for the answer.
    private static readonly TimeSpan BucketPatience = TimeSpan.FromSeconds(5);

    public static Option<bool> MakeOption() =>
        new("--check-config")
        {
            Description =
                "Check all options, and the files and addresses that they name, as a start does and with the rights of the owner of --data. Start nothing, leave nothing behind, and report every fault. Exit code: 0 when a server would start, 2 when you have to change something, 1 when only an address is in use.",
        };

    public static Task<int> RunAsync(IReadOnlyDictionary<string, string> flags, CancellationToken cancel) =>
        HostCommands.TryAsync(async () =>
        {
            // Root may read what the account of the server may not.
            if (OptionReader.OfProcess(flags).ReadData().Data is { } data && Directory.Exists(data))
            {
                FolderUser.Become(data);
            }
            var (options, faults) = OptionReader.OfProcess(flags).Read();
            if (options is null)
            {
                await ServerCommand.TellAsync(faults).ConfigureAwait(false);
                return Usage;
            }
            faults = StartChecks.FindFaults(options, TimeProvider.System);
            faults = [.. faults, .. FindMoreFaults(options, isDataUsable: !faults.Any(fault => fault.StartsWith("--data ")))];
            if (options.MediaBucket is { } bucket && await FindFaultAsync(bucket, options.S3, cancel).ConfigureAwait(false) is { } closed)
            {
                faults = [.. faults, $"--media: {closed}"];
            }
            var own = await AdminSocket.TryFindListeningAsync(options.Data, cancel).ConfigureAwait(false);
            var taken = StartChecks.FindTaken(options, own ?? []);
            await ServerCommand.TellAsync(faults.Concat(taken)).ConfigureAwait(false);
            if (faults.Count > 0)
            {
                return Usage;
            }
            if (taken.Count > 0)
            {
                return Taken;
            }
            Console.Out.WriteLine("the configuration is valid");
            return Valid;
        });

    /// <summary>What a start finds out only after it has opened the data directory.</summary>
    private static IEnumerable<string> FindMoreFaults(ServerOptions options, bool isDataUsable)
    {
        if (isDataUsable && DataDirectory.FindFault(options.Data) is { } fault)
        {
            yield return fault;
        }
        if (options.Database?.FindFault() is { } unreachable)
        {
            yield return $"--database: {unreachable}";
        }
        if (options.VipsLibrary is { } path && FindFault(new VipsLibrary(options.Data, path)) is { } unusable)
        {
            yield return $"--vips-library cannot be used: {path}: {unusable}";
        }
    }

    /// <summary>Lists one object and asks about versions. Writes nothing: a check leaves nothing behind.</summary>
    private static async Task<string?> FindFaultAsync(BucketAddress address, BucketSettings settings, CancellationToken cancel)
    {
        try
        {
            using var bucket = new Bucket(address, settings with { Retries = 1, Patience = BucketPatience });
            await bucket.LookAsync(cancel).ConfigureAwait(false);
            return null;
        }
        catch (BucketUnavailableException e)
        {
            return e.Message;
        }
    }

    private static string? FindFault(VipsLibrary library)
    {
        try
        {
            library.Load();
            return null;
        }
        catch (PosterUnavailableException e)
        {
            return e.Message;
        }
    }
}
