using System.CommandLine;
using System.Globalization;
using StoriesCli.Contracts;
using StoriesCli.Contracts.Backups;
using StoriesCli.Server.Features.Accounts;
using StoriesCli.Server.HostCommands.Backups;
using StoriesCli.Server.HostCommands.Status;
using StoriesCli.Server.Hosting;
using StoriesCli.Server.Http;
using StoriesCli.Server.Storage;
using StoriesCli.Server.Storage.Buckets;
using StoriesCli.Server.Storage.Files;

namespace StoriesCli.Server.HostCommands;

/// <summary>Commands of the host besides running the server: verifying and restoring backups, and signing in again.</summary>
internal static class HostCommands
{
    private const int Done = 0,
        Failed = 1,
        Usage = 2,
        Damaged = 3;
    private const int DamagedNamed = 100;

    public static void AddTo(RootCommand root, Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        root.Subcommands.Add(HealthCommand.Make());
        root.Subcommands.Add(StatusCommand.Make());
        root.Subcommands.Add(Verify());
        root.Subcommands.Add(RestoreInto(build));
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(MigrateCommand.Make(build));
        root.Subcommands.Add(NewOwnerInvite(build));
        root.Subcommands.Add(AccessCommand.Make(build));
        root.Subcommands.Add(PurgeCommand.Make(build));
    }

    private static Command Verify()
    {
        var file = ArchiveArgument("The archive to check: a file, or s3://BUCKET/KEY.");
        var reach = Archive.BucketOptions();
        var command = new Command(
            "verify",
            "Check a backup: read all of it and compare it with its manifest. Exits with 0 if it is complete, 3 if it can be restored but media files are damaged, 1 if it cannot be used."
        )
        {
            file,
        };
        reach.Values.ToList().ForEach(command.Add);
        command.SetAction(
            (parsed, cancel) =>
                parsed.GetRequiredValue(file) is var path && BucketAddress.IsOne(path)
                    ? WithOptionsAsync(data: null, options => VerifyAsync(path, options.S3, cancel), Archive.Given(parsed, reach))
                    // A file needs no options, so none can be wrong.
                    : VerifyAsync(path, new(), cancel)
        );
        return command;
    }

    private static Task<int> VerifyAsync(string path, BucketSettings settings, CancellationToken cancel) =>
        TryAsync(async () =>
        {
            await using var archive = await Archive.OpenAsync(path, settings, cancel).ConfigureAwait(false);
            using var progress = ProgressLine.Start("reading the archive", () => archive.Position, archive.Length);
            var contents = await BackupReader.ReadAsync(archive, _ => Stream.Null, cancel).ConfigureAwait(false);
            progress?.Dispose();
            return Tell(path, contents, "is whole", "can be restored");
        });

    private static Command RestoreInto(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var file = ArchiveArgument("The archive to restore: a file, or s3://BUCKET/KEY.");
        var data = DataOption();
        var database = new Option<string>("--database")
        {
            Description =
                "Empty PostgreSQL database for the rows, as postgres://USER@HOST/NAME. Without it they go into the data directory.",
            HelpName = "POSTGRES-URL",
        };
        var reach = Archive.BucketOptions();
        var command = new Command(
            "restore",
            "Create a data directory from a backup. It never overwrites one. Exits with 0 if everything is restored, 3 if only damaged media files are missing, 1 if nothing is restored."
        )
        {
            file,
            data,
            database,
        };
        reach.Values.ToList().ForEach(command.Add);
        command.SetAction(
            (parsed, cancel) =>
                WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        TryAsync(async () =>
                        {
                            var path = parsed.GetRequiredValue(file);
                            // Only what is written here decides: a variable of the server would name its own database.
                            var chosen = parsed.GetValue(database) is null ? options with { Database = null } : options;
                            var (contents, isRoots) = await Restore.RunAsync(path, chosen, build, cancel).ConfigureAwait(false);
                            if (isRoots)
                            {
                                await Console
                                    .Error.WriteLineAsync(
                                        $"stories-server: {options.Data} belongs to root. If the server runs as another account, give it the directory: chown -R ACCOUNT {ShellWord.Of(options.Data)}"
                                    )
                                    .ConfigureAwait(false);
                            }
                            var end = $"is restored into {options.Data}{(chosen.Database is { } rows ? $" and {rows.Text}" : "")}";
                            return Tell(path, contents, end, end);
                        }),
                    Archive.Given(parsed, reach, database)
                )
        );
        return command;
    }

    private static Command Backup()
    {
        var file = ArchiveArgument("The archive to create. It must not exist.");
        var data = DataOption();
        var command = new Command("backup", "Back up the running server, through the socket in its data directory.") { file, data };
        command.SetAction(
            (parsed, cancel) =>
                WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        TryAsync(async () =>
                        {
                            var path = parsed.GetRequiredValue(file);
                            // Damage on the server's disk is not a fault of the backup, which is as good as it can be.
                            Tell(
                                path,
                                await AdminSocket.SaveBackupAsync(options.Data, path, cancel).ConfigureAwait(false),
                                "is written and whole",
                                "is written"
                            );
                            return Done;
                        })
                )
        );
        return command;
    }

    private static Command NewOwnerInvite(Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build)
    {
        var data = DataOption();
        var command = new Command("owner-invite", "Create an invite for an owner, for a host who lost access. The invite before it ends.")
        {
            data,
        };
        command.SetAction(
            (parsed, cancel) =>
                WithOptionsAsync(
                    parsed.GetValue(data),
                    options =>
                        TryAsync(async () =>
                        {
                            var (path, url) =
                                await AdminSocket.TryRenewOwnerInviteAsync(options.Data, cancel).ConfigureAwait(false)
                                ?? (
                                    await RenewStoppedAsync(options, build).ConfigureAwait(false),
                                    options.UrlForPeople(options.Listen.Select(address => address.Text))
                                );
                            Console.Out.WriteLine(
                                $"Become an owner with: stories join {ShellWord.Of(url)} --handle NAME < {ShellWord.Of(path)}"
                            );
                            return Done;
                        })
                )
        );
        return command;
    }

    /// <summary>Without a running server: opens the data directory for a moment.</summary>
    private static Task<string> RenewStoppedAsync(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build
    ) => WithServicesAsync(options, build, services => services.GetRequiredService<OwnerInvite>().RenewAsync());

    /// <summary>Opens the data directory for a moment, and closes it again.</summary>
    /// <exception cref="DataDirectoryException">No server ever ran on it, or one is running now.</exception>
    internal static async Task<T> WithServicesAsync<T>(
        ServerOptions options,
        Func<ServerOptions, DataDirectory, TimeProvider, WebApplication> build,
        Func<IServiceProvider, Task<T>> run
    )
    {
        VerifyThere(options);
        using var directory = DataDirectory.Open(options.Data);
        await using var app = build(options, directory, TimeProvider.System);
        await app.Services.GetRequiredService<Start>().OpenAsync().ConfigureAwait(false);
        return await run(app.Services).ConfigureAwait(false);
    }

    /// <summary>Call before a command opens a data directory. Root continues as the directory's owner, so that the owner gets all files that the command writes.</summary>
    /// <exception cref="DataDirectoryException">No server ever ran on it.</exception>
    internal static void VerifyThere(ServerOptions options)
    {
        if (!Directory.Exists(options.Data) || (options.Database is null && !File.Exists(Path.Combine(options.Data, "stories.db"))))
        {
            throw new DataDirectoryException(
                $"'{options.Data}' is not a data directory of a server{(options.Database is null && File.Exists(Path.Combine(options.Data, "lock")) ? " with its rows in it. If they are in PostgreSQL, name the database" : "")}."
            );
        }
        FolderUser.Become(options.Data);
    }

    internal static async Task<int> WithOptionsAsync(
        string? data,
        Func<ServerOptions, Task<int>> run,
        IReadOnlyDictionary<string, string>? given = null
    )
    {
        var flags = new Dictionary<string, string>(given ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (data is not null)
        {
            flags["data"] = data;
        }
        var (options, faults) = OptionReader.OfProcess(flags).Read();
        await ServerCommand.TellAsync(faults).ConfigureAwait(false);
        return options is null ? Usage : await run(options).ConfigureAwait(false);
    }

    internal static async Task<int> TryAsync(Func<Task<int>> run, int failed = Failed)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception e) when (TryExplain(e) is { } why)
        {
            await ServerCommand.TellAsync([why]).ConfigureAwait(false);
        }
        return failed;
    }

    /// <summary>The message to the host about an expected failure; null for any other.</summary>
    private static string? TryExplain(Exception e) =>
        e switch
        {
            BackupException => $"the archive cannot be used: {e.Message}",
            ApiProblem or HttpRequestException or OptionUnusableException => e.Message,
            DataDirectoryException or IOException or UnauthorizedAccessException => FileFault.Describe(e),
            _ when FileSizeSignal.IsCauseOf(e) => FileFault.Describe(e),
            _ => null,
        };

    private static int Tell(string path, BackupContents contents, string whole, string otherwise)
    {
        var (manifest, damaged) = contents;
        foreach (var it in damaged.Take(DamagedNamed))
        {
            Console.Error.WriteLine(
                $"stories-server: warning: the file {CleanText.OneLine(it.Name)} of story {it.Story} {CleanText.OneLine(it.Reason)}"
            );
        }
        if (damaged.Count > 0)
        {
            Console.Error.WriteLine(
                $"stories-server: warning: {Counted.Of(damaged.Count, "damaged file")} in all. Their stories are there, and their files are not served until whole ones are put in their place."
            );
        }
        var media = manifest
            .Files.Where(f => f.Name.StartsWith(BackupManifest.MediaPrefix, StringComparison.Ordinal))
            .Select(f => BackupDamage.Of(f.Name, "").Story);
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{path} of {manifest.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC {(damaged.Count == 0 ? whole : otherwise)}: the database and the files of {Counted.Stories(media.Distinct().Count())}, {Counted.Of(manifest.Files.Sum(f => f.Bytes), "byte")}{(damaged.Count == 0 ? "" : $", {damaged.Count} of their files damaged")}."
            )
        );
        return damaged.Count == 0 ? Done : Damaged;
    }

    private static Argument<string> ArchiveArgument(string description) => new("FILE") { Description = description };

    internal static Option<string> DataOption() =>
        new("--data") { Description = "Directory of the database and the media.", HelpName = "DIR" };
}
