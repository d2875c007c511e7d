namespace StoriesCli.Client.Players;

/// <summary>What programs that we start may know of our environment.</summary>
public static class ChildEnvironment
{
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
