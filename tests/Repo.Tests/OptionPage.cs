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
        page.Append("Rendered from `src/Server/Hosting/OptionTable.cs`; a test compares them.\n\n");
        page.Append(
            "A flag overrides the environment, the environment overrides the file `server.json` in the data directory, and the file overrides the default. In the file, an option has the name of\n"
        );
        page.Append(
            "its flag without dashes: `{ \"min-ttl\": \"1m\" }`. `data` is not allowed there. A variable `STORIES_SERVER_…` that names no option is an error. The server checks all options before\n"
        );
        page.Append(
            "it starts, reports every error at once, and exits with 2. `stories-server --check-config` does only these checks; it may run beside the server.\n\n"
        );
        page.Append("Durations: `90s`, `15m`, `6h`, `7d` or ISO 8601. Sizes: bytes, or with `KiB`, `MiB`, `GiB`, `TiB`.\n\n");
        page.Append("| flag | environment | default | meaning |\n|---|---|---|---|\n");
        foreach (var option in OptionTable.All)
        {
            page.Append($"| `{option.Flag} {option.Value}` | `{option.Variable}` | {option.Default} | {option.Meaning} |\n");
        }
        return page.ToString();
    }
}
