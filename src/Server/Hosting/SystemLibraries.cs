using System.Runtime.InteropServices;

namespace StoriesCli.Server.Hosting;

/// <summary>Libraries of the system that the image library needs, and what to install where one is missing.</summary>
internal static class SystemLibraries
{
    // Libraries that libvips needs beside the C library.
    private static readonly string[] Cpp = ["libstdc++.so.6", "libgcc_s.so.1"];

    /// <summary>Finds whether the C++ library is missing, without which the image library does not load.</summary>
    /// <returns>What to do; null when it is there.</returns>
    public static string? FindCppFault() =>
        Cpp.FirstOrDefault(name => !NativeLibrary.TryLoad(name, out _)) is { } missing
            ? $"{missing} is missing: install the package libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora), and restart the server"
            : null;

    /// <summary>The message of the system's loader, without the framework's advice for developers in front of it.</summary>
    public static string LoaderWords(DllNotFoundException e) =>
        e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : e.Message;
}
