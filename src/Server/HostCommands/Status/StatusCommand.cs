using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Server.HostCommands.Status;

/// <summary><c>stories-server status</c>: what the running server is, has and obeys.</summary>
internal static class StatusCommand
{
    private const int Done = 0,
        Failed = 1,
        Usage = 2;

    // The audit trail of a year may have to be read for the last backup.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Make()
    {
        var data = HostCommands.DataOption();
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "status",
            "Show what the running server is and has: version, uptime, readiness, data, free space, last backup, end of the certificate, and each option with its value and source. Exits with 1 if no server runs on the data directory."
        )
        {
            data,
            json,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(data), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string? given, bool isJson, CancellationToken cancel)
    {
        Dictionary<string, string> flags = given is null ? [] : new() { ["data"] = given };
        // The server says which options hold. Those that a start would read now may be others.
        var (data, faults) = OptionReader.OfProcess(flags).ReadData();
        if (data is null)
        {
            await ServerCommand.TellAsync(faults).ConfigureAwait(false);
            return Usage;
        }
        try
        {
            using var answer = await AdminSocket.AskAsync(data, AdminSocket.StatusPath, Patience, cancel).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return await FailAsync($"the server on {data} answers {(int)answer.StatusCode}: restart it if the program is newer")
                    .ConfigureAwait(false);
            }
            if (isJson)
            {
                Console.Out.WriteLine(text);
            }
            else
            {
                Print(JsonSerializer.Deserialize(text, StatusJson.Default.StatusReport)!);
            }
            return Done;
        }
        catch (HttpRequestException e)
        {
            return await FailAsync($"no server runs on {data}: {AdminSocket.WhyNot(e)}").ConfigureAwait(false);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            return await FailAsync($"the server on {data} does not answer within {Patience.TotalSeconds:0} s").ConfigureAwait(false);
        }
    }

    private static async Task<int> FailAsync(string fault)
    {
        await ServerCommand.TellAsync([fault]).ConfigureAwait(false);
        return Failed;
    }

    private static void Print(StatusReport it)
    {
        Line($"stories-server {it.Version} is {(it.Ready ? "ready" : "not ready")}.");
        it.Notes.ToList().ForEach(note => Row("note", note));
        Row("running for", $"{Long(TimeSpan.FromSeconds(it.UptimeSeconds))}, since {Time(it.StartedAt)}");
        it.Listening.ToList().ForEach(address => Row("listens on", address));
        Row("data", $"{it.Data.Path} (schema {it.Schema})");
        Row("database", it.Data.Database ?? $"{ByteSize.Format(it.Data.DatabaseBytes)}, its log {ByteSize.Format(it.Data.LogBytes)}");
        if (it.Role is { } role)
        {
            Row("role", role.Writes ? "writes" : $"follows {role.Writer ?? "a server that is not known"}");
            Row(
                "commit",
                string.Create(CultureInfo.InvariantCulture, $"{role.Commit:N0}, known to be the last {role.AgeSeconds:0.0} s ago")
            );
        }
        Row("accounts", Number(it.Data.Accounts));
        Row("stories", Stories(it.Data.Stories));
        Row("quota", $"{ByteSize.Format(it.Disk.UsedBytes)} of {ByteSize.Format(it.Disk.QuotaBytes)} used");
        Row("disk", $"{ByteSize.Format(it.Disk.FreeBytes)} free, no posts below {ByteSize.Format(it.Disk.FloorBytes)}");
        Row(
            "last backup",
            it.LastBackup is { } backup ? $"finished {Time(backup.FinishedAt)}, taken by {backup.By ?? "the host"}" : "none within a year"
        );
        Row("certificate", it.Certificate is { } certificate ? Certificate(certificate) : "none");
        Line("");
        var wide = it.Options.Max(option => option.Name.Length);
        foreach (var option in it.Options)
        {
            Line($"{option.Name.PadRight(wide)}  {option.Value} ({option.Source})");
        }
    }

    private static void Row(string name, string value) => Line($"{name, -12}  {value}");

    // File names and handles are other people's words.
    private static void Line(string text) => Console.Out.WriteLine(CleanText.OneLine(text));

    private static string Stories(IReadOnlyList<StatusStories> kinds) =>
        kinds.Count == 0
            ? "0"
            : $"{Number(kinds.Sum(kind => kind.Count))} with {ByteSize.Format(kinds.Sum(kind => kind.Bytes))}: {string.Join(", ", kinds.Select(kind => $"{Number(kind.Count)} {kind.Kind}"))}";

    private static string Certificate(StatusCertificate it) =>
        it.EndsAt is { } end ? $"{it.File} ends {Time(end)}{Left(end - TimeProvider.System.GetUtcNow())}" : $"{it.File} cannot be read";

    private static string Left(TimeSpan left) => left > TimeSpan.Zero ? $", in {Long(left)}" : ": it has ended";

    private static string Long(TimeSpan time) =>
        time.TotalDays >= 1 ? Counted.Of((long)time.TotalDays, "day")
        : time.TotalHours >= 1 ? Counted.Of((long)time.TotalHours, "hour")
        : time.TotalMinutes >= 1 ? Counted.Of((long)time.TotalMinutes, "minute")
        : Counted.Of((long)time.TotalSeconds, "second");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
