namespace StoriesCli.Cli.Printing;

/// <summary>Recognises that the reader of our output has gone: that is not worth a message.</summary>
internal static class BrokenPipe
{
    // EPIPE; ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.
    private const int Unix = 32,
        Windows = unchecked((int)0x8007006D),
        WindowsClosing = unchecked((int)0x800700E8);

    public static bool IsCauseOf(Exception e) => e is IOException { HResult: Unix or Windows or WindowsClosing };
}
