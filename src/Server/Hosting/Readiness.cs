using StoriesCli.Contracts;
using StoriesCli.Server.Features.Media;
using StoriesCli.Server.Features.Stories;
using StoriesCli.Server.Hosting.Peers;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.Hosting;

/// <summary>Whether the server is fit to serve, for <c>/readyz</c> and for the host's own commands.</summary>
internal sealed class Readiness(
    Database database,
    Sweeper sweeper,
    DiskMonitor disk,
    UnknownMedia unknown,
    DamagedMedia damaged,
    MediaStore media,
    WriterForwarder forwarder,
    VipsLibrary vips,
    DataDirectory directory
)
{
    private static readonly TimeSpan SweeperAgeMaximum = TimeSpan.FromMinutes(2);

    /// <summary>The word "ready", then a line for each thing that the host should look at.</summary>
    /// <exception cref="ApiProblem"><c>server_unavailable</c>, with everything that is not well.</exception>
    public string Report()
    {
        var faults = FindFaults();
        return faults.Count == 0
            ? string.Concat(Notes().Prepend("ready").Select(line => line + "\n"))
            : throw new ApiProblem(Errors.ServerUnavailable, string.Join("; ", faults.Select(f => $"{f.Key} {f.Value[0]}")))
            {
                Fields = faults,
            };
    }

    private Dictionary<string, string[]> FindFaults()
    {
        var faults = new Dictionary<string, string[]>();
        if (!database.Health.IsReady)
        {
            faults["database"] = [database.Health.Reason ?? $"is {database.Health.State}"];
        }
        else if (database.Role.Age > WriterRole.AgeMaximum)
        {
            faults["database"] = [$"was last heard of {database.Role.Age.TotalSeconds:0} s ago"];
        }
        if (disk.FindFault() is { } full)
        {
            faults["disk"] = [full];
        }
        if (sweeper.Age > SweeperAgeMaximum)
        {
            faults["sweeper"] = [$"last ended {sweeper.Age.TotalSeconds:0} s ago, and may be {SweeperAgeMaximum.TotalSeconds} s old"];
        }
        return faults;
    }

    /// <summary>Warnings for the host, one a line. They do not make the server unready.</summary>
    private IEnumerable<string> Notes()
    {
        foreach (var note in DamageNotes.Of(database, directory))
        {
            yield return note;
        }
        // Posts are taken and stories served without it; only posters are missing.
        if (vips.IsExpected && FindFault(vips) is { } fault)
        {
            yield return $"pictures: have no posters, and are taken unchecked: {fault}";
        }
        if (forwarder.Fault is not null)
        {
            yield return "peers: the server that writes takes no changes from this one, so they are refused here; the log says why";
        }
        if (media is BucketStore { Fault: not null })
        {
            yield return "media: the bucket fails, so posts with files are refused, and files without a copy here are unavailable; stories-server status says why";
        }
        if (unknown.Held is { Ids: > 0 } held)
        {
            yield return $"media: {Counted.Of(held.Files, "file")} that no story accounts for {Counted.Noun(held.Files, "is", "are")} kept; see stories-server purge --help";
        }
        if (damaged.Count is > 0 and var count)
        {
            yield return $"media: {Counted.Of(count, "file")} of stories {Counted.Noun(count, "is", "are")} damaged and not served; stories-server purge --dry-run names {Counted.Noun(count, "it", "them")}";
        }
    }

    /// <summary>Tries again what failed at the start, for example because the disk was full.</summary>
    private static string? FindFault(VipsLibrary vips)
    {
        try
        {
            vips.Load();
            return null;
        }
        catch (PosterUnavailableException e)
        {
            return e.Message;
        }
    }
}
