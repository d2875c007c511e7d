using System.CommandLine;
using System.Text;
using StoriesCli.Server.HostCommands;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Repo.Tests;

/// <summary><c>docs/man/stories-server.8</c>.</summary>
internal static class ServerManual
{
    public static string Render()
    {
        var page = new StringBuilder();
        // No date and no version, so that the page changes only with what it describes.
        page.Append(".TH STORIES\\-SERVER 8 \"\" \"stories\\-cli\" \"Stories\"\n");
        page.Append(".SH NAME\nstories\\-server \\- server of short\\-lived stories for a small team\n");
        page.Append(".SH SYNOPSIS\n.B stories\\-server\n[\\fIoptions\\fR]\n.br\n.B stories\\-server\n\\fICOMMAND\\fR [\\fIoptions\\fR]\n");
        page.Append(
            ".SH DESCRIPTION\nOne program and one directory hold everything that a team needs. Without a command it runs the server.\n"
        );
        page.Append(
            Escape(
                "A flag overrides its environment variable, the variable overrides the file server.json in the data directory, and the file overrides the default. In the file, an option has the name of its flag without dashes."
            ) + "\n.PP\n"
        );
        page.Append(Escape("Durations are 90s, 15m, 6h or 7d. Sizes are bytes, or have KiB, MiB, GiB or TiB behind the number.") + "\n");
        page.Append(".SH OPTIONS\n");
        foreach (var option in OptionTable.All)
        {
            page.Append(
                $".TP\n\\fB{Escape(option.Flag)}\\fR \\fI{Escape(option.Value)}\\fR\n{Escape(option.Meaning)}\n.br\nVariable: {Escape(option.Variable)}. Default: {Escape(option.Default)}.\n"
            );
        }
        var check = ConfigCheck.MakeOption();
        page.Append($".TP\n\\fB{Escape(check.Name)}\\fR\n{Escape(check.Description!)}\n");
        page.Append(".SH COMMANDS\n");
        var root = new RootCommand();
        HostCommands.AddTo(root, Program.Build);
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Append(page, command);
        }
        page.Append(
            """
            .SH FILES
            The packages use these:
            .TP
            .I /etc/stories/server.json
            Options. The unit links it into the data directory.
            .TP
            .I /var/lib/stories
            The data directory: database and media.
            .TP
            .I /var/lib/stories/owner\-invite
            The invite of the first owner, for
            .BR stories\-join (1).
            The server deletes it when it is used.
            .TP
            .I /var/backups/stories
            Daily backups, if you enable stories\-backup.timer.
            .SH EXIT STATUS
            .TP
            .B 0
            It was stopped, or the command succeeded.
            .TP
            .B 1
            It failed.
            .TP
            .B 2
            You have to change something: an option, a file or the data directory.
            .SH SEE ALSO
            .BR stories (1)

            """
        );
        return page.ToString();
    }

    private static void Append(StringBuilder page, Command command)
    {
        var words = command.Arguments.Where(argument => !argument.Hidden).Select(argument => $" \\fI{Escape(argument.Name)}\\fR");
        page.Append($".SS {Escape(command.Name)}{string.Concat(words)}\n{Escape(command.Description ?? "")}\n");
        foreach (var option in command.Options.Where(option => !option.Hidden && option is not System.CommandLine.Help.HelpOption))
        {
            var value = option.HelpName is { } name ? $" \\fI{Escape(name)}\\fR" : "";
            page.Append($".TP\n\\fB{Escape(option.Name)}\\fR{value}\n{Escape(option.Description ?? "")}\n");
        }
    }

    /// <summary>A line must not begin like a formatter request. Backticks are Markdown's.</summary>
    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("`", "", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
