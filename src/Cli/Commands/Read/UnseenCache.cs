using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StoriesCli.Client;
using StoriesCli.Posix;

namespace StoriesCli.Cli.Commands.Read;

/// <summary>Caches the number of unseen stories, in one file for each account. File errors are ignored.</summary>
internal sealed class UnseenCache(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Named by server and token, so that accounts do not share a number.</summary>
    public static UnseenCache Find(Func<string, string?> environment, Connection connection)
    {
        var folder = Platforms.CacheFolder(Platforms.Current, environment);
        OpenSsl.Require();
        var account = SHA256.HashData(Encoding.UTF8.GetBytes($"{connection.Server}\n{connection.Token}"));
        return new(Path.Combine(folder, "stories", $"unseen-{Convert.ToHexStringLower(account.AsSpan(0, 8))}"));
    }

    /// <summary>The number and its time; null if there is none.</summary>
    public (int Unseen, DateTimeOffset At)? Read()
    {
        try
        {
            return
                File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var unseen)
                ? (unseen, File.GetLastWriteTimeUtc(path))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(int unseen, DateTimeOffset at)
    {
        var fresh = $"{path}.{Environment.ProcessId}";
        try
        {
            MakeFolder();
            using (var file = new FileStream(fresh, Options(FileMode.Create)))
            {
                file.Write(Encoding.ASCII.GetBytes(unseen.ToString(CultureInfo.InvariantCulture)));
            }
            File.SetLastWriteTimeUtc(fresh, at.UtcDateTime);
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a writable folder there is no cache.
        }
    }

    public void Forget()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The number expires after an hour anyway.
        }
    }

    /// <summary>Whether the caller should ask the server now. When several prompts run at once, only one of them should.</summary>
    public bool TryClaim(DateTimeOffset now, TimeSpan patience)
    {
        var claim = path + ".asking";
        try
        {
            if (File.Exists(claim) && now - File.GetLastWriteTimeUtc(claim) < patience)
            {
                return false;
            }
            MakeFolder();
            using (new FileStream(claim, Options(FileMode.Create))) { }
            File.SetLastWriteTimeUtc(claim, now.UtcDateTime);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The folder, if it is not writable; otherwise null.</summary>
    public string? FindUnwritable()
    {
        var trial = $"{path}.{Environment.ProcessId}.try";
        try
        {
            MakeFolder();
            using (new FileStream(trial, Options(FileMode.Create))) { }
            File.Delete(trial);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetDirectoryName(path);
        }
    }

    private void MakeFolder()
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        return options;
    }
}
