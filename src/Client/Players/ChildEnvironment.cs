using System.Diagnostics;

namespace StoriesCli.Client.Players;

/// <summary>The environment of child processes.</summary>
public static class ChildEnvironment
{
    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "all_proxy"];

    /// <summary>Makes a player reach this machine without a proxy, so that media links do not leave it unencrypted.</summary>
    /// <param name="variables">The child's environment, changed in place.</param>
    public static void KeepLoopbackDirect(IDictionary<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (
            !variables.Any(variable =>
                Proxies.Contains(variable.Key, StringComparer.OrdinalIgnoreCase) && !string.IsNullOrEmpty(variable.Value)
            )
        )
        {
            return;
        }
        // Programs read the upper-case or the lower-case variable, or both.
        foreach (var name in (string[])["no_proxy", "NO_PROXY"])
        {
            // It means every host only if it is alone.
            if (variables.TryGetValue(name, out var all) && all?.Trim() == "*")
            {
                continue;
            }
            var before = variables.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value) ? value + "," : "";
            variables[name] = before + "localhost,127.0.0.1,::1";
        }
    }

    /// <summary>Removes all our variables, including tokens.</summary>
    /// <param name="variables">The child's environment, changed in place.</param>
    /// <param name="keep">A prefix of variables to keep, or null.</param>
    public static void Strip(IDictionary<string, string?> variables, string? keep = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        foreach (var name in variables.Keys.Where(name => name.StartsWith("STORIES_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            if (keep is null || !name.StartsWith(keep, StringComparison.Ordinal))
            {
                variables.Remove(name);
            }
        }
    }

    /// <summary>
    /// A program whose input and output are pipes. With one of them left as it is, the runtime would set the terminal for the program, and
    /// again when it ends.
    /// </summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Passed as they are, never through a shell.</param>
    public static ProcessStartInfo Piped(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Strip(start.Environment);
        return start;
    }
}
