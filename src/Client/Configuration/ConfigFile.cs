using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;

namespace StoriesCli.Client.Configuration;

/// <summary>The configuration file cannot be used. The message is for people, and names the file.</summary>
public sealed class ConfigException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it could not be written, which is no fault of what it says.</summary>
    public bool IsUnwritable { get; init; }
}

/// <summary>The configuration file: it holds tokens, so its owner alone may read it.</summary>
/// <param name="path">Where it lies; it need not exist.</param>
public sealed class ConfigFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LockTries = 250;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Where it lies.</summary>
    public string Path => path;

    /// <summary>Where it lies for this user: <c>$XDG_CONFIG_HOME/stories/config.json</c>, or what the system has for that.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static ConfigFile Find(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var folder =
            environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg && System.IO.Path.IsPathRooted(xdg) ? xdg
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : System.IO.Path.Combine(
                environment("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".config"
            );
        return new(System.IO.Path.Combine(folder, "stories", "config.json"));
    }

    /// <summary>Reads it; a file that is not there says nothing.</summary>
    /// <exception cref="ConfigException">Others may read it, it is not JSON of the right shape, or a key is misspelt.</exception>
    public Config Load()
    {
        try
        {
            if (!File.Exists(path))
            {
                return new();
            }
            using var file = File.OpenRead(path);
            RefuseWhatOthersRead(file.SafeFileHandle);
            var config = JsonSerializer.Deserialize(file, ConfigJson.Default.Config) ?? new();
            RefuseUnknown(config);
            return config;
        }
        catch (JsonException e)
        {
            throw new ConfigException($"{path}: {Explain(e)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads it, changes it and writes it, while no other command does: what another one saved meanwhile stays.</summary>
    /// <param name="change">Given what the file says now.</param>
    /// <returns>What it says afterwards.</returns>
    /// <exception cref="ConfigException">It cannot be read or written, or another command holds it for too long.</exception>
    public Config Change(Func<Config, Config> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        using var turn = TakeTurn();
        var changed = change(Load());
        Save(changed);
        return changed;
    }

    private FileStream TakeTurn()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        for (var tries = 0; ; tries++)
        {
            try
            {
                MakeFolder(System.IO.Path.GetDirectoryName(path)!, options);
                return new(path + ".lock", options);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that cannot be written does not become so by waiting; one that another command holds does.
                if (!File.Exists(path + ".lock") || e is UnauthorizedAccessException || tries == LockTries)
                {
                    throw new ConfigException($"{path} cannot be written: {e.Message}", e) { IsUnwritable = true };
                }
                // Another process holds the lock, and no operating system tells when it lets go: asking again is all there is. LockTries bounds it.
                Thread.Sleep(LockPause);
            }
        }
    }

    private static void MakeFolder(string folder, FileStreamOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }
    }

    /// <summary>Writes it whole, readable by its owner alone; what was there stays until the new one is complete.</summary>
    /// <exception cref="ConfigException">The folder cannot be written.</exception>
    public void Save(Config config)
    {
        // A link into somebody's collection of settings stays one.
        var real = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var folder = System.IO.Path.GetDirectoryName(real)!;
        var fresh = $"{real}.{Environment.ProcessId}.new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            MakeFolder(folder, options);
            using (var file = new FileStream(fresh, options))
            {
                JsonSerializer.Serialize(file, config, ConfigJson.Default.Config);
                file.Write("\n"u8);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, real, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path} cannot be written: {e.Message}", e) { IsUnwritable = true };
        }
        finally
        {
            if (File.Exists(fresh))
            {
                File.Delete(fresh);
            }
        }
    }

    private void RefuseWhatOthersRead(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var mode = File.GetUnixFileMode(file);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((mode & Others) != 0)
        {
            throw new ConfigException(
                $"{path} holds tokens and can be read or written by others (mode {Convert.ToString((int)mode, 8)}): run chmod 600 on it."
            );
        }
    }

    private void RefuseUnknown(Config config)
    {
        Check("", config.Unknown, NamesOf(ConfigJson.Default.Config));
        foreach (var (name, profile) in config.Profiles)
        {
            Check($"profiles.{name}.", profile.Unknown, NamesOf(ConfigJson.Default.Profile));
        }
        foreach (var (kind, player) in config.Players)
        {
            Check($"players.{kind}.", player.Unknown, PlayerConverter.Names);
        }
        if (!Config.ImageModes.Contains(config.Images))
        {
            var advice = Spelling.Nearest(config.Images, Config.ImageModes) is { } near
                ? $"did you mean \"{near}\"?"
                : $"known are {string.Join(", ", Config.ImageModes)}.";
            throw new ConfigException($"{path}: \"images\" cannot be \"{config.Images}\"; {advice}");
        }

        static string[] NamesOf(JsonTypeInfo type) =>
            [.. type.Properties.Where(property => !property.IsExtensionData).Select(property => property.Name)];

        void Check(string prefix, Dictionary<string, JsonElement>? unknown, string[] known)
        {
            if (unknown is null || unknown.Count == 0)
            {
                return;
            }
            var key = unknown.Keys.First();
            var advice = Spelling.Nearest(key, known) is { } near
                ? $"did you mean \"{prefix}{near}\"?"
                : $"known are {string.Join(", ", known)}.";
            throw new ConfigException($"{path}: \"{prefix}{key}\" is not a setting; {advice}");
        }
    }

    private static string Explain(JsonException e) =>
        e.Path is { Length: > 2 } at
            ? $"the value of \"{at[2..]}\" is not of the right kind."
            : $"this is not JSON (line {e.LineNumber + 1}): {e.Message.Split(". Path:", 2)[0]}";
}
