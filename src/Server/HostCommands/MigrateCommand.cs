using System.CommandLine;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;

namespace StoriesCli.Server.HostCommands;

/// <summary><c>stories-server migrate</c>: moves media from a folder into a bucket, or back.</summary>
internal static class MigrateCommand
{
    private const int Done = 0,
        Damaged = 3;
    private const int NamedAtMost = 100;

    public static Command Make(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var from = new Option<string>("--from")
        {
            Description = "Data directory of the stopped server.",
            HelpName = "DIR",
            Required = true,
        };
        var data = new Option<string>("--data")
        {
            Description = "New data directory.",
            HelpName = "DIR",
            Required = true,
        };
        var media = new Option<string>("--media")
        {
            Description = "Bucket for the media, as s3://BUCKET/PREFIX. Without it they go into the new data directory.",
            HelpName = "S3-URL",
        };
        var reach = Archive.BucketOptions();
        var command = new Command(
            "migrate",
            "Make a new data directory of one whose server is stopped, with the media in a bucket or in the directory, wherever they were. The old one stays as it is. If it is interrupted, run it again: what has arrived is not sent again. At the end it compares all files with their hashes. Exits with 0 if everything is moved, 3 if files were damaged before and are left out, 1 if it failed."
        )
        {
            from,
            data,
            media,
        };
        reach.Values.ToList().ForEach(command.Add);
        command.SetAction(
            (parsed, cancel) =>
            {
                var given = Archive.Given(parsed, reach);
                if (parsed.GetValue(media) is { } bucket)
                {
                    given["media"] = bucket;
                }
                return HostCommands.WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        HostCommands.TryAsync(async () =>
                            Tell(
                                await DataMove
                                    .RunAsync(Path.GetFullPath(parsed.GetRequiredValue(from)), options, build, cancel)
                                    .ConfigureAwait(false),
                                options
                            )
                        ),
                    given
                );
            }
        );
        return command;
    }

    private static int Tell(MoveReport report, ServerOptions options)
    {
        foreach (var (name, fault) in report.Damaged.Take(NamedAtMost))
        {
            Console.Error.WriteLine($"stories-server: warning: the file {name} {CleanText.OneLine(fault)}, and is left out");
        }
        var place = options.MediaBucket is { } bucket ? $"{options.Data} and {bucket}" : options.Data;
        Console.Out.WriteLine(DataMove.Describe(report, place));
        return report.Damaged.Count == 0 ? Done : Damaged;
    }
}
