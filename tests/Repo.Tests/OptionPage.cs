using System.Text;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Repo.Tests;

/// <summary><c>docs/config.md</c>.</summary>
internal static class OptionPage
{
    public static string Render()
    {
        var page = new StringBuilder();
        page.Append("# The server's options\n\n");
        page.Append("Rendered from `src/Server/Hosting/OptionTable.cs`; a test keeps the two alike.\n\n");
        page.Append(
            "A flag holds before the environment, the environment before the file `server.json` in the data directory, that before the default. In the file an option has its flag's name\n"
        );
        page.Append(
            "without the dashes: `{ \"min-ttl\": \"1m\" }`; `data` cannot stand there. A variable `STORIES_SERVER_…` that stands for no option is a fault. All that is wrong is said at once, and the server ends with 2.\n\n"
        );
        page.Append("Durations: `90s`, `15m`, `6h`, `7d` or ISO 8601. Sizes: bytes, or with `KiB`, `MiB`, `GiB`, `TiB`.\n\n");
        page.Append("| flag | environment | unless told | meaning |\n|---|---|---|---|\n");
        foreach (var option in OptionTable.All)
        {
            page.Append($"| `{option.Flag} {option.Value}` | `{option.Variable}` | {option.Default} | {option.Meaning} |\n");
        }
        return page.ToString();
    }
}
