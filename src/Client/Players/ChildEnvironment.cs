namespace StoriesCli.Client.Players;

/// <summary>What programs that we start may know of our environment.</summary>
public static class ChildEnvironment
{
    private static readonly string[] _proxies = ["http_proxy", "https_proxy", "all_proxy"];

    /// <summary>Sees to it that a player asks this machine itself through no proxy: links to media would leave the machine in clear.</summary>
    /// <param name="variables">The child's environment, changed in place.</param>
    public static void KeepLoopbackDirect(IDictionary<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (
            !variables.Any(variable =>
                _proxies.Contains(variable.Key, StringComparer.OrdinalIgnoreCase) && !string.IsNullOrEmpty(variable.Value)
            )
        )
        {
            return;
        }
        // Programs read the one or the other, and some read both.
        foreach (var name in (string[])["no_proxy", "NO_PROXY"])
        {
            // Only alone it means every host.
            if (variables.TryGetValue(name, out var all) && all?.Trim() == "*")
            {
                continue;
            }
            var before = variables.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value) ? value + "," : "";
            variables[name] = before + "localhost,127.0.0.1,::1";
        }
    }

    /// <summary>Removes every variable of ours: tokens among them.</summary>
    /// <param name="variables">The child's environment, changed in place.</param>
    /// <param name="keep">A prefix of names that the child is documented to read, or null.</param>
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
}
