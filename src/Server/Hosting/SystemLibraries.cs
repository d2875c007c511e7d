using System.Runtime.InteropServices;

namespace StoriesCli.Server.Hosting;

/// <summary>Libraries of the system that the server opens while it runs, and what to install where one is missing.</summary>
internal static class SystemLibraries
{
    // As .NET looks for it: without one it aborts the process at the first use, and tells no package.
    private const string OpenSslOverride = "CLR_OPENSSL_VERSION_OVERRIDE",
        OpenSslPrefix = "libssl.so.";
    private static readonly string?[] OpenSslVersions = [Environment.GetEnvironmentVariable(OpenSslOverride), "3", "1.1"];

    // What libvips needs beside the C library.
    private static readonly string[] Cpp = ["libstdc++.so.6", "libgcc_s.so.1"];

    /// <summary>Finds whether OpenSSL is missing. Call before anything hashes, encrypts or makes a random number.</summary>
    /// <returns>What to do; null when it is there.</returns>
    public static string? FindOpenSslFault() =>
        OpenSslVersions.Any(version => !string.IsNullOrEmpty(version) && NativeLibrary.TryLoad(OpenSslPrefix + version, out _))
            ? null
            : "OpenSSL 3 (libssl.so.3) is missing, and the server cannot run without it: install the package libssl3 (Debian, Ubuntu) or openssl-libs (Fedora)";

    /// <summary>Finds whether the C++ library is missing, without which the image library does not load.</summary>
    /// <returns>What to do; null when it is there.</returns>
    public static string? FindCppFault() =>
        Cpp.FirstOrDefault(name => !NativeLibrary.TryLoad(name, out _)) is { } missing
            ? $"{missing} is missing: install the package libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora), and restart the server"
            : null;
}
