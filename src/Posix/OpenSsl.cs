using System.Runtime.InteropServices;

namespace StoriesCli.Posix;

/// <summary>OpenSSL, which .NET opens by name. Without it .NET aborts the process at the first hash, and names no package.</summary>
internal static class OpenSsl
{
    // As .NET looks for it.
    private const string Override = "CLR_OPENSSL_VERSION_OVERRIDE",
        Prefix = "libssl.so.";
    private static readonly string[] Versions = ["3", "1.1"];

    private static bool s_found;

    /// <summary>Call before what hashes or encrypts, and not at every start: it takes 9 ms where OpenSSL is not used anyway.</summary>
    /// <exception cref="DllNotFoundException">It is missing. The message says what to install.</exception>
    public static void Require()
    {
        if (!s_found && FindFault("stories cannot use https or check files") is { } fault)
        {
            throw new DllNotFoundException(fault);
        }
        s_found = true;
    }

    /// <summary>Finds whether OpenSSL is missing.</summary>
    /// <param name="lack">What does not work without it.</param>
    /// <returns>What to do; null when it is there, or when the system needs none.</returns>
    public static string? FindFault(string lack) =>
        !OperatingSystem.IsLinux()
        || Versions.Prepend(Environment.GetEnvironmentVariable(Override)).Any(version => !string.IsNullOrEmpty(version) && CanLoad(version))
            ? null
            : $"OpenSSL 3 (libssl.so.3) is missing, and {lack} without it: install the package libssl3 (Debian, Ubuntu), openssl-libs (Fedora) or libssl3 (Alpine)";

    private static bool CanLoad(string version) => NativeLibrary.TryLoad(Prefix + version, out _);
}
