using System.CommandLine;
using StoriesCli.Contracts;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Engines.Postgres;

namespace StoriesCli.Server.HostCommands;

/// <summary><c>stories-server migrate</c>: moves media between folder and bucket, and rows between the data directory and PostgreSQL.</summary>
internal static class MigrateCommand
{
    private const int Done = 0,
        Usage = 2,
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
        var fromDatabase = new Option<string>("--from-database")
        {
            Description = "PostgreSQL with the rows of the stopped server. Without it they are in its data directory.",
            HelpName = "POSTGRES-URL",
        };
        var data = new Option<string>("--data")
        {
            Description = "New data directory.",
            HelpName = "DIR",
            Required = true,
        };
        var database = new Option<string>("--database")
        {
            Description =
                "Empty PostgreSQL database for the rows, as postgres://USER@HOST/NAME. Without it they go into the new data directory.",
            HelpName = "POSTGRES-URL",
        };
        var media = new Option<string>("--media")
        {
            Description = "Bucket for the media, as s3://BUCKET/PREFIX. Without it they go into the new data directory.",
            HelpName = "S3-URL",
        };
        var reach = Archive.BucketOptions();
        var command = new Command(
            "migrate",
            "Make a new data directory of one whose server is stopped, with the media in a bucket or in the directory, and the rows in PostgreSQL or in the directory, wherever they were. The old place stays as it is. If it is interrupted, run it again: files that have arrived are not sent again. At the end it compares all files and rows with the old ones. Exits with 0 if everything is moved, 3 if something was damaged before and is left out, 1 if it failed."
        )
        {
            from,
            fromDatabase,
            data,
            database,
            media,
        };
        reach.Values.ToList().ForEach(command.Add);
        command.SetAction(
            (parsed, cancel) =>
            {
                if (!TryParse(parsed.GetValue(fromDatabase), out var oldRows))
                {
                    return Task.FromResult(Usage);
                }
                var given = Archive.Given(parsed, reach, database, media);
                return HostCommands.WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        HostCommands.TryAsync(async () =>
                            Tell(
                                await DataMove
                                    .RunAsync(
                                        Path.GetFullPath(parsed.GetRequiredValue(from)),
                                        oldRows,
                                        // Only what is written here decides: a variable of the old server would name the old database.
                                        given.ContainsKey("database")
                                            ? options
                                            : options with
                                            {
                                                Database = null,
                                            },
                                        build,
                                        cancel
                                    )
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

    /// <returns>False if it is no address, which the host is told.</returns>
    private static bool TryParse(string? text, out PostgresAddress? address)
    {
        address = null;
        try
        {
            address = text is null ? null : PostgresAddress.Parse(text);
            return true;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"stories-server: --from-database {e.Message}");
            return false;
        }
    }

    private static int Tell(MoveReport report, ServerOptions options)
    {
        foreach (var (name, fault) in report.Damaged.Take(NamedAtMost))
        {
            Console.Error.WriteLine($"stories-server: warning: the file {name} {CleanText.OneLine(fault)}, and is left out");
        }
        foreach (var fault in report.LostRows.Take(NamedAtMost))
        {
            Console.Error.WriteLine($"stories-server: warning: {CleanText.OneLine(fault)}, and is left out");
        }
        var place = string.Join(
            " and ",
            ((string?[])[options.Data, options.Database?.Text, options.MediaBucket?.ToString()]).OfType<string>()
        );
        Console.Out.WriteLine(DataMove.Describe(report, place));
        return report.Damaged.Count == 0 && report.LostRows.Count == 0 ? Done : Damaged;
    }
}
