using System.CommandLine;

namespace StoriesCli.Cli.Commands.Account;

internal static class DoctorCommand
{
    public static Command Make(Runner runner)
    {
        var command = new StoriesCommand(
            "doctor",
            "Check your setup, and suggest a fix for each fault. Looks at server, clock, token, terminal and players. Exits with 1 if there is a fault."
        ).With(["stories doctor", "stories doctor --json | jq '.[] | select(.state == \"fault\")'"]);
        command.SetAction(
            runner.Run(
                async (session, _, cancel) =>
                {
                    var findings = await new Diagnosis(session).RunAsync(cancel).ConfigureAwait(false);
                    if (session.Out.IsJson)
                    {
                        PrintJson(session, findings);
                    }
                    else if (session.Context.OutIsTerminal)
                    {
                        // Plain lines, because a table would cut long text.
                        findings.ForEach(it =>
                            session.Out.Line($"{it.State, -6}{it.What, -18}{it.Found}{(it.Remedy is null ? "" : $"\n{"", 24}{it.Remedy}")}")
                        );
                    }
                    else
                    {
                        Listing.PrintRows(
                            session,
                            findings,
                            ["what", "state", "found", "remedy"],
                            it => it.What,
                            it => [it.What, it.State, it.Found, it.Remedy ?? ""]
                        );
                    }
                    session.Out.Flush();
                    cancel.ThrowIfCancellationRequested();
                    return findings.Any(it => it.State == Finding.Fault) ? ExitCode.Failed : ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static void PrintJson(Session session, List<Finding> findings) =>
        session.Out.Json(writer =>
        {
            writer.WriteStartArray();
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("what", finding.What);
                writer.WriteString("state", finding.State);
                writer.WriteString("found", finding.Found);
                writer.WriteString("remedy", finding.Remedy);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
}
