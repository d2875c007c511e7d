using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using StoriesCli.Contracts;

namespace StoriesCli.Client.Configuration;

/// <summary>The configuration file cannot be used. The message is for people, and names the file.</summary>
public sealed class ConfigException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the file could not be written, as opposed to having wrong content.</summary>
    public bool IsUnwritable { get; init; }
}

/// <summary>The configuration file. It contains tokens, so only its owner may read it.</summary>
/// <param name="path">Path of the file, which need not exist.</param>
public sealed class ConfigFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LockTries = 250;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Path of the file.</summary>
    public string Path => path;

    /// <summary>The user's file: <c>$XDG_CONFIG_HOME/stories/config.json</c>, or the platform's equivalent.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    public static ConfigFile Find(Func<string, string?> environment)
    {
        var folder = Platforms.ConfigFolder(Platforms.Current, environment);
        return new(System.IO.Path.Combine(folder, "stories", "config.json"));
    }

    /// <summary>Reads the file; a missing file gives the defaults.</summary>
    /// <exception cref="ConfigException">Others may read it, it is not valid, or it has an unknown key.</exception>
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
            using var text = new MemoryStream();
            file.CopyTo(text);
            var config = Read(text.GetBuffer().AsSpan(0, (int)text.Length));
            RefuseUnknown(config);
            return config;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path} cannot be read: {FileFault.Reason(e)}.", e);
        }
    }

    /// <summary>Reads, changes and writes the file under a lock, so that no other command's change is lost.</summary>
    /// <param name="change">Changes the current configuration.</param>
    /// <returns>The new configuration.</returns>
    /// <exception cref="ConfigException">It cannot be read or written, or another command locks it for too long.</exception>
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
                // Waiting helps only if another command has the lock.
                if (!File.Exists(path + ".lock") || e is UnauthorizedAccessException || tries == LockTries)
                {
                    throw new ConfigException($"{path} cannot be written: {FileFault.Describe(e)}.", e) { IsUnwritable = true };
                }
                // A lock on a file between processes has no event for its release on any system, so this asks again, at most LockTries times.
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

    /// <summary>Writes the complete file, readable only by its owner. The old file stays until the new one is complete.</summary>
    /// <exception cref="ConfigException">The folder cannot be written.</exception>
    public void Save(Config config)
    {
        // Keep a link to another file, as dotfile collections use.
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
            throw new ConfigException($"{path} cannot be written: {FileFault.Describe(e)}.", e) { IsUnwritable = true };
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
                $"{path} contains tokens, and others can read or write it (mode {Convert.ToString((int)mode, 8)}). Run chmod 600 on it."
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
        CheckValue("images", config.Images, Config.ImageModes);
        CheckValue("theme", config.Theme, Config.Themes);
        CheckValue("video", config.Video, Config.VideoPlaces);
        CheckValue("keymap", config.Keymap, Config.Keymaps);

        void CheckValue(string key, string value, IReadOnlyList<string> known)
        {
            if (!known.Contains(value))
            {
                var advice = Spelling.Nearest(value, known) is { } near
                    ? $"Did you mean \"{near}\"?"
                    : $"Known values: {string.Join(", ", known)}.";
                throw new ConfigException($"{path}: \"{key}\" cannot be \"{value}\". {advice}");
            }
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
                ? $"Did you mean \"{prefix}{near}\"?"
                : $"Known settings: {string.Join(", ", known)}.";
            throw new ConfigException($"{path}: \"{prefix}{key}\" is not a setting. {advice}");
        }
    }

    private Config Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ConfigJson.Default.Config) ?? new();
        }
        catch (JsonException e)
        {
            // A fault of the text has a cause from the reader; a fault of a value has none.
            throw new ConfigException(
                e.InnerException is JsonException || e.Path is not { Length: > 2 } at
                    ? $"{path} is {JsonFault.Describe(e, text)}."
                    : $"{path}: the value of \"{at[2..]}\" is not of the right kind.",
                e
            );
        }
    }
}
